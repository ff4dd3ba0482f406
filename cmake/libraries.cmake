# Our libraries: one static library mg_<folder> per folder, from every .cpp in it (a new file needs no line here).

# mg_unity(NAME): compile eight files of the target as one, which takes half the time where headers and templates weigh more
# than the code. Two of its files may then not use one name within their anonymous namespaces. Not for core/: there, files
# of one kind (readers, steps, codecs) repeat the names of what they register.
function(mg_unity name)
    set_target_properties(${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
endfunction()

# mg_library(NAME FOLDERS dirs... EXCLUDE regex LINK targets...)
# A folder without a .cpp yet becomes an interface library, so that everything that links it still configures.
function(mg_library name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "EXCLUDE" "FOLDERS;LINK;SOURCES")
    set(files ${arg_SOURCES})
    foreach(folder IN LISTS arg_FOLDERS)
        file(GLOB found CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
        list(APPEND files ${found})
    endforeach()
    if(arg_EXCLUDE)
        list(FILTER files EXCLUDE REGEX "${arg_EXCLUDE}")
    endif()
    if(files)
        add_library(${name} STATIC ${files})
        target_link_libraries(${name} PUBLIC ${arg_LINK} PRIVATE mg_flags)
        set(visibility PUBLIC)
    else()
        add_library(${name} INTERFACE)
        target_link_libraries(${name} INTERFACE ${arg_LINK})
    endif()
endfunction()

# The arrows of dependency. Two pairs name each other, as static libraries may: image and math (a channel has an affine
# map), steps and recipe (the registry).
mg_library(mg_base     FOLDERS core/base)
mg_library(mg_image    FOLDERS core/image    LINK mg_base mg_math)
mg_library(mg_math     FOLDERS core/math     LINK mg_image mg_kissfft4)
mg_library(mg_ops      FOLDERS core/ops      LINK mg_math)
mg_library(mg_draw     FOLDERS core/draw     LINK mg_ops mg_fonts mg_stb)
mg_library(mg_codecs   FOLDERS core/codecs   LINK mg_math mg_tiff mg_jpeg mg_deflate mg_zlib mg_zstd mg_stb)
if(EMSCRIPTEN)
    # An instance of the module has one thread, and LLVM 14 links no thread-locals with bulk memory but without atomics.
    target_compile_definitions(mg_codecs PRIVATE thread_local=)
endif()
mg_library(mg_metadata FOLDERS core/metadata LINK mg_codecs)
mg_library(mg_samples  FOLDERS core/samples  LINK mg_ops mg_codecs)
mg_library(mg_steps    FOLDERS core/steps    LINK mg_recipe mg_ops mg_draw mg_metadata mg_samples)
mg_library(mg_recipe   FOLDERS core/recipe   LINK mg_steps mg_notices)
mg_library(mg_demos    FOLDERS core/demos    LINK mg_recipe)
set(MG_CORE mg_demos mg_recipe mg_steps mg_samples mg_metadata mg_codecs mg_draw mg_ops mg_math mg_image mg_base)

# The application without window and GL: builds natively too, for tests. wasm/ is on its include path.
mg_library(mg_app FOLDERS wasm/app wasm/ui wasm/panels wasm/render EXCLUDE "_gl\\.cpp$" LINK ${MG_CORE} mg_imgui)
target_include_directories(mg_app PUBLIC ${PROJECT_SOURCE_DIR}/wasm)
mg_unity(mg_app)

if(NOT EMSCRIPTEN)
    mg_library(mg_cli FOLDERS cli EXCLUDE "/main\\.cpp$" LINK ${MG_CORE})
    mg_unity(mg_cli)
    if(EXISTS ${PROJECT_SOURCE_DIR}/cli/main.cpp)
        add_executable(micrographia cli/main.cpp)
        target_link_libraries(micrographia PRIVATE mg_cli mg_flags)
        # One file that runs on any Linux of its processor, and starts sooner. Sanitizers need the shared C library.
        if(CMAKE_SYSTEM_NAME STREQUAL Linux AND NOT MG_SANITIZE)
            target_link_options(micrographia PRIVATE -static)
        endif()
    endif()
endif()
