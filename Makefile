# cosim. `make` alone tells what there is.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help env demo test bench lock clean
unexport PYTHONHOME PYTHONPATH

VENV := .venv
PY := $(VENV)/bin/python
PIP_INSTALL := -m pip --no-input --disable-pip-version-check -qq install

# Which Python builds the environment: the one named by `make env PYTHON=...`, else the first that will do, 3.13
# before others; of an active environment, the Python beneath it. uv fetches one only when none was found.
CHOSEN := $(if $(findstring command line,$(origin PYTHON)),$(PYTHON))
define find_python
real_python() { "$$1" -c 'import ensurepip, os, sys, sysconfig, venv; fits = (3, 12) <= sys.version_info[:2] < (3, 15) and not sysconfig.get_config_var("Py_GIL_DISABLED"); print(os.path.realpath(sys.executable)) if fits else sys.exit(1)' 2>/dev/null; }; \
choose() { for candidate in "$$@"; do if [ -n "$$candidate" ] && python=$$(real_python "$$candidate"); then return 0; fi; done; return 1; }; \
if [ -n "$(CHOSEN)" ]; then choose "$(CHOSEN)"; \
else \
	choose "$$(uv python find --system 3.13 2>/dev/null)" \
		"$$(pyenv root 2>/dev/null || echo "$$HOME/.pyenv")"/versions/3.13*/bin/python \
		python3.13 python3 python3.12 python3.14 \
	|| { uv python install 3.13 >/dev/null 2>&1 && choose "$$(uv python find --system 3.13 2>/dev/null)"; }; \
fi || { \
	echo "cosim needs Python 3.12, 3.13 or 3.14 with its venv module, and found none$(if $(CHOSEN), at $(CHOSEN))." >&2; \
	echo "Install one, for example with:  uv python install 3.13   or   pyenv install 3.13" >&2; \
	echo "or with your system's packages (often python3.13 and python3.13-venv)," >&2; \
	echo "or say where it is:  make env PYTHON=/where/it/is/python3.13" >&2; \
	exit 1; }
endef

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-6s %s\n", $$1, $$2 }' Makefile

env: $(VENV)/cosim.stamp ## build .venv from requirements.lock, every file checked by its hash

$(VENV)/lock.stamp: requirements.lock
	@$(find_python); \
	echo "cosim: building $(VENV) with $$("$$python" --version) and the packages of requirements.lock (a minute or two)"; \
	"$$python" -m venv --clear $(VENV)
	@$(PY) $(PIP_INSTALL) --require-hashes --requirement requirements.lock
	@touch $@

$(VENV)/cosim.stamp: $(VENV)/lock.stamp pyproject.toml
	@$(PY) $(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

demo: env ## run the named world norway14
	$(VENV)/bin/cosim run norway14

test: env ## form, types, and every test
	$(PY) -m ruff check --quiet .
	$(PY) -m ruff format --check --quiet .
	$(PY) -m mypy
	$(PY) -m pytest -n auto --dist loadfile $(PYTEST_ARGS)

bench: env ## speed beside the peers and the limit
	$(PY) -m benchmarks

# UPGRADE=--upgrade takes the newest of everything; without it, what is pinned stays where it can.
lock: ## pin again after pyproject.toml has changed
	@uv=$$(command -v uv) || { \
		$(find_python); \
		"$$python" -m venv .tools && .tools/bin/python $(PIP_INSTALL) uv && uv=.tools/bin/uv; } && \
	"$$uv" pip compile pyproject.toml --quiet --universal --python-version 3.12 --all-extras --generate-hashes \
		--no-annotate --no-emit-index-url --custom-compile-command "make lock" $(UPGRADE) \
		--output-file requirements.lock

clean: ## take away what can be built again (results stay)
	rm -rf $(VENV) .tools build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find cosim tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
