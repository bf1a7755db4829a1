# Two commands are all a new machine needs: `make demo` and `make test`. Each makes its virtual environment in .venv.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python -m

.PHONY: demo test lint docs wheelhouse clean

demo: $(VENV)/ready ## sample evidence -> case -> executed notebooks -> report
	$(VENV)/bin/forensics demo

test: $(VENV)/ready-dev lint ## everything that CI checks
	$(RUN) pytest -n auto

lint: $(VENV)/ready-dev
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy

docs: $(VENV)/ready-dev ## the generated pages
	$(RUN) tools.make_docs

wheelhouse: $(VENV)/ready ## all packages in one folder, for a laboratory with no network
	$(RUN) pip wheel --quiet --wheel-dir wheelhouse -c constraints.txt . "setuptools>=77"
	@echo "Carry wheelhouse/ over, then: pip install --no-index --find-links wheelhouse forensics-toolkit"

clean:
	rm -rf $(VENV) build dist wheelhouse demo.case *.egg-info

$(VENV)/ready: pyproject.toml setup.py constraints.txt
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed, this is ' + sys.version.split()[0])"
	$(PYTHON) -m venv $(VENV)
	$(RUN) pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/ready-dev: $(VENV)/ready
	$(RUN) pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	touch $@
