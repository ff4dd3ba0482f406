#!/usr/bin/env python3
"""Put the page together: shell.html with every script and the module inside, one file that needs nothing else.

    assemble.py --source ROOT --glue micrographia.js --wasm micrographia.wasm --output micrographia.html

shell.html has two marks:
    <!--POLICY-->    becomes the Content-Security-Policy. The scripts that run are named by their hashes.
    <!--SCRIPTS-->   becomes, in this order,
        <script type="text/plain" id="glue">     Emscripten's JavaScript: run by the page and by each worker, from a Blob
        <script type="text/plain" id="worker">   web/worker.js: the rest of a worker's Blob
        <script type="text/plain" id="wasm">     the module, base64 in lines (atob skips the line ends); when boot.js can
                                                 read it (it names DecompressionStream), compressed before that, with
                                                 the attribute data-encoding="deflate"
        <script>                                 web/boot.js
Same inputs, same bytes. A page larger than 3 MB is an error.
"""

import argparse
import base64
import hashlib
import pathlib
import re
import sys
import zlib

LARGEST = 3_000_000
BASE64_LINE = 16384


def fail(text):
    sys.exit(f"assemble: {text}")


def script_text(path):
    """A script's text, which must not be able to end or confuse the <script> element around it."""
    text = path.read_text(encoding="utf-8").replace("\r\n", "\n").strip() + "\n"
    for bad in ("</script", "<script", "<!--"):
        if bad in text.lower():
            fail(f"{path.name} contains '{bad}', which HTML would not leave alone inside a script")
    return text


def sha256(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def policy(runnable):
    """Nothing is fetched, nothing is sent: all a script can reach is inside the page."""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {' '.join(map(sha256, runnable))} 'wasm-unsafe-eval' blob:",
            "worker-src blob:",
            "img-src blob: data:",
            "style-src 'unsafe-inline'",
            "connect-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def assemble(source, glue, wasm):
    shell = (source / "shell.html").read_text(encoding="utf-8")
    for mark in ("<!--POLICY-->", "<!--SCRIPTS-->"):
        if shell.count(mark) != 1:
            fail(f"shell.html must contain {mark} exactly once")
    if re.search(r"<script|\son[a-z]+\s*=", shell, re.I):
        fail("shell.html must hold no script of its own and no on...= attributes (the policy would refuse them)")

    def as_text(name, text, attributes=""):
        return f'<script type="text/plain" id="{name}"{attributes}>\n{text}</script>\n'

    def inline(text):
        return f"<script>\n{text}</script>\n"

    boot = script_text(source / "web" / "boot.js")
    module, encoding = wasm.read_bytes(), ""
    if "DecompressionStream" in boot:
        module, encoding = zlib.compress(module, 9), ' data-encoding="deflate"'
    module = base64.b64encode(module).decode()
    module = "".join(module[i : i + BASE64_LINE] + "\n" for i in range(0, len(module), BASE64_LINE))
    scripts = (
        as_text("glue", script_text(glue))
        + as_text("worker", script_text(source / "web" / "worker.js"))
        + as_text("wasm", module, encoding)
        + inline(boot)
    )
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy([chr(10) + boot])}">'
    return shell.replace("<!--POLICY-->", meta).replace("<!--SCRIPTS-->", scripts)


def main():
    parser = argparse.ArgumentParser(description="Put the page together.")
    for name in ("source", "glue", "wasm", "output"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    args = parser.parse_args()
    page = assemble(args.source, args.glue, args.wasm).encode()
    if len(page) > LARGEST:
        fail(f"the page has {len(page)} bytes, more than the {LARGEST} allowed")
    args.output.parent.mkdir(parents=True, exist_ok=True)
    args.output.write_bytes(page)
    print(f"page: {args.output.name}, {len(page)} bytes (the module alone: {args.wasm.stat().st_size})")


main()
