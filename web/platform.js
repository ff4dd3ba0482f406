// The C++ side's way out (wasm/platform/platform_web.cpp). Where a message goes is the script's business: boot.js on the
// page and worker.js in a worker give the module a function `tell(to, headText, buffers)`.
mergeInto(LibraryManager.library, {
  mg_js_tell: function (to, head, headLength, views, count) {
    var text = new TextDecoder().decode(HEAPU8.subarray(head, head + headLength));
    var buffers = [];
    for (var i = 0; i < count; i++) {
      var start = HEAPU32[(views >> 2) + 2 * i], length = HEAPU32[(views >> 2) + 2 * i + 1];
      buffers.push(HEAPU8.slice(start, start + length).buffer);
    }
    Module['tell'](to, text, buffers);
  },
  mg_js_now_s: function () {
    return performance.now() / 1000;
  },
  mg_js_request_frame: function () {
    Module['requestFrame']();
  },
});
