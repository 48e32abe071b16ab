# Read by the scripts that tell sizes: `compressed FILE` prints the bytes of a file after brotli at its
# best, and WITH names what does it; it is empty where nothing here can.

if command -v brotli >/dev/null; then
  WITH="brotli"
  compressed() { brotli --best --stdout "$1" | wc -c; }
elif command -v node >/dev/null; then
  WITH="node's zlib"
  compressed() {
    node -e 'console.log(require("zlib").brotliCompressSync(require("fs").readFileSync(process.argv[1])).length)' "$1"
  }
elif command -v python3 >/dev/null && python3 -c 'import brotli' 2>/dev/null; then
  WITH="python's brotli"
  compressed() {
    python3 -c 'import brotli, sys; print(len(brotli.compress(open(sys.argv[1], "rb").read())))' "$1"
  }
else
  WITH=""
  compressed() { echo NaN; }
fi
