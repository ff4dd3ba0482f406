# Compiler settings. Native and wasm must compute the same bytes: no fast-math, no fused multiply-add, no -march.
# -fno-math-errno and -fno-trapping-math change no result; they let loops with square roots and selects vectorise.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# Optimisation is chosen here, not by CMake's build types (whose -DNDEBUG would drop ImGui's and the libraries' own checks
# in one build and not in the other).
set(CMAKE_BUILD_TYPE "" CACHE STRING "unused: see cmake/flags.cmake" FORCE)

# Paths inside the binaries are relative to the checkout: the page is the same bytes wherever it is built.
add_compile_options(-ffp-contract=off -ffile-prefix-map=${PROJECT_BINARY_DIR}=build -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)

if(EMSCRIPTEN)
    # Applies to everything in the module, so that no object file disagrees about the target's features.
    add_compile_options(-msimd128 -mnontrapping-fptoint -mbulk-memory)
    # The packaged Emscripten looks for its acorn in Debian's folder, which a Node from elsewhere does not search.
    find_program(MG_NODE NAMES node nodejs REQUIRED)
    set_property(GLOBAL PROPERTY RULE_LAUNCH_LINK
        "${CMAKE_COMMAND} -E env NODE_PATH=/usr/share/nodejs EM_NODE_JS=${MG_NODE}")
endif()

if(MG_SANITIZE)
    set(MG_OPTIMISE -O1 -g1 -fno-omit-frame-pointer) # lines in reports; more takes a quarter longer to compile
    set(MG_OPTIMISE_TESTS -Og -g1 -fno-omit-frame-pointer)
    add_compile_options(-fsanitize=address)
    add_link_options(-fsanitize=address,undefined)
    if(MG_FUZZ)
        add_compile_options(-fsanitize=fuzzer-no-link) # coverage of the libraries too
    endif()
    # Address Sanitizer starts before indirect functions are resolved, so no function may be cloned per CPU.
    add_compile_definitions(MG_NO_CLONES)
else()
    set(MG_OPTIMISE -O3)
    set(MG_OPTIMISE_TESTS -O1)
endif()

# mg_flags: what our own code is compiled with. Tests need no speed of their own, only to be compiled soon; the libraries
# they call are optimised. A target says that it is a test by its property MG_TEST.
add_library(mg_flags INTERFACE)
target_compile_options(mg_flags INTERFACE
    $<IF:$<BOOL:$<TARGET_PROPERTY:MG_TEST>>,${MG_OPTIMISE_TESTS},${MG_OPTIMISE}> -fno-math-errno -fno-trapping-math
    $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions -fno-rtti -Wnon-virtual-dtor>
    -Wall -Wextra -Wshadow -Wno-missing-field-initializers) # designated initialisers leave out what has a default
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    # False alarms of GCC 12 and 13 inside std::string.
    target_compile_options(mg_flags INTERFACE -Wno-restrict $<$<BOOL:${MG_SANITIZE}>:-Wno-maybe-uninitialized>)
endif()
if(MG_WERROR)
    target_compile_options(mg_flags INTERFACE -Werror)
    if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
        # These come out of the optimiser and differ from version to version: shown, but no error.
        target_compile_options(mg_flags INTERFACE
            -Wno-error=array-bounds -Wno-error=stringop-overflow -Wno-error=maybe-uninitialized)
    endif()
endif()
if(MG_SANITIZE)
    # float-cast-overflow: such a cast gives one value natively and another in wasm.
    target_compile_options(mg_flags INTERFACE
        -fsanitize=undefined,float-cast-overflow -fno-sanitize=vptr -fno-sanitize-recover=all)
    target_compile_definitions(mg_flags INTERFACE _GLIBCXX_ASSERTIONS)
endif()
target_include_directories(mg_flags INTERFACE ${PROJECT_SOURCE_DIR}/core ${PROJECT_SOURCE_DIR} ${MG_GENERATED})

# A compiler cache, when there is one, shared by all checkouts on the machine.
find_program(MG_CCACHE ccache)
if(MG_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(launcher ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1)
    if(EMSCRIPTEN)
        list(APPEND launcher CCACHE_COMPILERTYPE=clang) # it does not know em++ by its name
    endif()
    set(CMAKE_C_COMPILER_LAUNCHER ${launcher} ${MG_CCACHE})
    set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher} ${MG_CCACHE})
endif()
