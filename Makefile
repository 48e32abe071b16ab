# The work sits in scripts/; every target can be called on a fresh machine.

.PHONY: help serve build test check bench measure screenshots clean

help:
	@echo "make serve   build and serve on http://127.0.0.1:8080/ (PORT=… for another port)"
	@echo "make build   make the static site in dist/"
	@echo "make test    every test, the browser included"
	@echo "make check   formatting, lints and documentation"
	@echo "make bench   measure the engine, beside its peers"
	@echo "make measure measure the page in a browser with a slow processor"
	@echo "make screenshots  pictures of every screen in target/screenshots/"
	@echo "make clean   remove what was built (the tools in .tools/ stay)"

serve:
	@scripts/serve.sh

build:
	@scripts/build.sh

test:
	@scripts/test.sh

check:
	@scripts/check.sh

bench:
	@scripts/bench.sh

measure:
	@scripts/measure.sh

screenshots:
	@scripts/screenshots.sh

clean:
	@cargo clean
	@rm -rf dist
