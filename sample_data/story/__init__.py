"""The invented story behind the sample data, and the writers that turn it into three seized devices."""
