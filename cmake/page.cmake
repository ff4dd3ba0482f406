# page_wasm: the page's module (micrographia.js and .wasm), and page: everything in one file, dist/micrographia.html.
# In wasm/render, files named *_gl.cpp need GL and are part of the page only.
set(MG_WASM_MEMORY 4GB CACHE STRING "Largest memory of one wasm instance")
set(MG_DIST ${PROJECT_SOURCE_DIR}/dist CACHE PATH "Where the assembled page goes")

file(GLOB page_files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/wasm/*.cpp ${PROJECT_SOURCE_DIR}/wasm/platform/*_web.cpp
    ${PROJECT_SOURCE_DIR}/wasm/render/*_gl.cpp)
set(js_library ${PROJECT_SOURCE_DIR}/web/platform.js)
set(exports_file ${PROJECT_SOURCE_DIR}/web/exports.txt)
set(shell ${PROJECT_SOURCE_DIR}/shell.html)
foreach(needed ${PROJECT_SOURCE_DIR}/wasm/main.cpp ${js_library} ${exports_file} ${shell})
    if(NOT EXISTS ${needed})
        message(STATUS "No page in this build: ${needed} does not exist")
        return()
    endif()
endforeach()

# web/exports.txt: the C functions that JavaScript calls, one per line, with their leading underscore.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${exports_file})
file(STRINGS ${exports_file} exports REGEX "^_")
list(JOIN exports "," exports)

add_executable(page_wasm ${page_files} ${PROJECT_SOURCE_DIR}/cmake/third_party/zstd_no_encoder.c)
set_target_properties(page_wasm PROPERTIES OUTPUT_NAME micrographia LINK_DEPENDS ${js_library})
target_link_libraries(page_wasm PRIVATE mg_app mg_fonts mg_notices mg_flags)
# INVOKE_RUN=0: boot.js starts main on the page; a worker uses the same module without it.
target_link_options(page_wasm PRIVATE -O3
    -sMODULARIZE=1 -sEXPORT_NAME=createMicrographia -sENVIRONMENT=web,worker,node -sINVOKE_RUN=0 -sEXIT_RUNTIME=0
    -sALLOW_MEMORY_GROWTH=1 -sMAXIMUM_MEMORY=${MG_WASM_MEMORY} -sTOTAL_STACK=1MB -sFILESYSTEM=0 -sASSERTIONS=0
    -sMIN_WEBGL_VERSION=2 -sMAX_WEBGL_VERSION=2 -sNODEJS_CATCH_EXIT=0 -sNODEJS_CATCH_REJECTION=0
    -sEXPORTED_FUNCTIONS=${exports}
    -sEXPORTED_RUNTIME_METHODS=HEAPU8,HEAP32,HEAPU32,HEAPF32,UTF8ToString,stringToUTF8,lengthBytesUTF8,callMain
    --js-library ${js_library})

set(assemble ${PROJECT_SOURCE_DIR}/scripts/assemble.py)
add_custom_command(OUTPUT ${MG_DIST}/micrographia.html
    COMMAND ${MG_PYTHON} ${assemble} --source ${PROJECT_SOURCE_DIR} --glue $<TARGET_FILE:page_wasm>
        --wasm $<TARGET_FILE_DIR:page_wasm>/micrographia.wasm --output ${MG_DIST}/micrographia.html
    DEPENDS page_wasm ${assemble} ${shell} ${PROJECT_SOURCE_DIR}/web/boot.js ${PROJECT_SOURCE_DIR}/web/worker.js
    COMMENT "Assembling the page" VERBATIM)
add_custom_target(page DEPENDS ${MG_DIST}/micrographia.html)
