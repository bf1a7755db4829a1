"""Google Chat and Hangouts, as Google Takeout gives them."""
