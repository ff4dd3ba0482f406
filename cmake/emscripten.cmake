# Toolchain file: the Emscripten that is installed, wherever its own CMake file is.
if(NOT EMSCRIPTEN_ROOT_PATH)
    find_program(MG_EM_CONFIG em-config REQUIRED)
    execute_process(COMMAND ${MG_EM_CONFIG} EMSCRIPTEN_ROOT OUTPUT_VARIABLE EMSCRIPTEN_ROOT_PATH
        OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
endif()
include(${EMSCRIPTEN_ROOT_PATH}/cmake/Modules/Platform/Emscripten.cmake)
