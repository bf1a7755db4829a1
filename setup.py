"""Build settings that `pyproject.toml` cannot express.

`plugins/` is imported as `forensics_plugins` (a package called `plugins` would be shadowed by any folder of that name),
and the template notebooks and the sample evidence travel with the wheel under `share/forensics-toolkit/`.
"""

import os

from setuptools import find_namespace_packages, setup

CORE = find_namespace_packages(include=["forensics", "forensics.*"])
PLUGINS = find_namespace_packages(include=["plugins", "plugins.*"])


def shipped(folder):
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith((".", "__")))
        if names:
            yield os.path.join("share/forensics-toolkit", here), [os.path.join(here, n) for n in sorted(names)]


setup(
    packages=CORE + ["forensics_" + name for name in PLUGINS],
    package_dir={"forensics_plugins": "plugins"},
    package_data={"": ["*.json", "*.gz", "*.css", "py.typed"]},
    data_files=[*shipped("notebooks"), *shipped("sample_data")],
)
