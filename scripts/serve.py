#!/usr/bin/env python3
"""Serve a folder to this machine only.   serve.py FOLDER PAGE [PORT]

"/" is the page. If the port is taken, the next free one is used. The address is printed once the server listens, and a
browser is opened when there is a desktop to open it on.
"""

import errno
import functools
import http.server
import os
import shutil
import signal
import subprocess
import sys


class Handler(http.server.SimpleHTTPRequestHandler):
    page = ""

    def do_GET(self):
        if self.path.split("?")[0] == "/":
            self.path = "/" + self.page
        super().do_GET()

    def end_headers(self):
        self.send_header("Cache-Control", "no-cache")  # the next build is seen at the next reload
        super().end_headers()

    def log_message(self, *args):
        pass


def listen(folder, first):
    handler = functools.partial(Handler, directory=folder)
    for port in [*range(first, first + 50), 0]:
        try:
            return http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
    sys.exit("serve: no free port")


def main():
    folder, Handler.page = sys.argv[1:3]
    server = listen(folder, int(sys.argv[3]) if len(sys.argv) > 3 else 8080)
    address = f"http://localhost:{server.server_port}/"
    print(f"Micrographia: {address}   (Ctrl+C ends the server; the file {os.path.join(folder, Handler.page)} also works without it)", flush=True)
    if (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")) and shutil.which("xdg-open"):
        subprocess.Popen(["xdg-open", address], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print()


main()
