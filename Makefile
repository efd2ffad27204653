# make app    everything that is needed, then the web app on http://127.0.0.1:8501
# make test   everything that is needed, then all checks and tests
# make setup  only the installation; then .venv/bin/policytrace is the command
PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin

.PHONY: app setup test check unit browser type refresh score bench clean

app: setup
	$(BIN)/policytrace app --port $(PORT)

setup: $(VENV)/.ready

test: check unit

check: $(VENV)/.ready-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: $(VENV)/.ready-test browser type
	$(BIN)/python -m pytest

# The tests in a browser need Chromium and Chinese type. Where they cannot be installed those tests are skipped and say why.
browser:
	@if command -v chromium || command -v chromium-browser || command -v google-chrome; then :; \
	elif command -v apt-get && [ "$$(id -u)" = 0 ]; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk \
	  || echo "Chromium could not be installed: the tests in a browser will be skipped"; \
	else echo "no Chromium: the tests in a browser will be skipped (apt-get install chromium fonts-noto-cjk)"; fi >&2

# The tests of PDF print with a Chinese TrueType font; without one they are skipped and say why.
type:
	@if [ -e /usr/share/fonts/truetype/wqy ]; then :; \
	elif command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends fonts-wqy-zenhei fonts-wqy-microhei \
	  || echo "no Chinese TrueType font: the tests of PDF will be skipped"; \
	else echo "no Chinese TrueType font: the tests of PDF will be skipped (apt-get install fonts-wqy-zenhei)"; fi >&2

refresh: $(VENV)/.ready-test
	-$(BIN)/python -m pytest -q tests/test_golden.py --refresh
	git diff --stat tests/golden

score: $(VENV)/.ready-test
	$(BIN)/python -m tests.figures

bench: $(VENV)/.ready-test
	for file in bench/extraction.py bench/search_startup.py bench/linking.py bench/one_task.py bench/matrix.py bench/reading.py bench/batch.py bench/app.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; found " + sys.version.split()[0] + ". Run: make PYTHON=python3.12 ...") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.ready: $(VENV)/.made pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	touch $@

$(VENV)/.ready-test: $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test]'
	touch $@

clean:
	rm -rf $(VENV) kb *.egg-info
