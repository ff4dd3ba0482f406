# GoogleTest: native-tests/<folder>/*.cpp.
#   native      one executable test_<folder>, linked with that folder's library and what it depends on, nothing above it
#   Emscripten  one executable tests_all from all folders but those that need files (cli), for Node
# native-tests/support and native-tests/page hold helpers (native-tests is on the include path); files that tests read are in
# native-tests/data, whose place is MG_TEST_DATA_DIR (in wasm: packed into the module).
set(test_data ${PROJECT_SOURCE_DIR}/native-tests/data)
if(EMSCRIPTEN)
    set(test_data_place /data)
else()
    set(test_data_place ${test_data})
endif()

# What a test folder is linked with; a folder not named here gets everything there is.
set(test_libs_base mg_math) # which brings base: its random numbers make test data
set(test_libs_image mg_image)
set(test_libs_math mg_math)
set(test_libs_ops mg_draw) # which brings ops: letters that draw/ draws are what find_scale_bar and read_label read
set(test_libs_draw mg_draw)
set(test_libs_codecs mg_codecs)
set(test_libs_metadata mg_metadata mg_samples) # samples write the headers that are read
set(test_libs_samples mg_samples)
set(test_libs_steps mg_steps)
set(test_libs_recipe mg_recipe)
set(test_libs_demos mg_demos)
foreach(folder app ui panels render)
    set(test_libs_${folder} mg_app mg_test_page)
endforeach()
set(test_libs_cli mg_cli)

mg_library(mg_test_support FOLDERS native-tests/support LINK mg_image mg_gtest)
target_include_directories(mg_test_support PRIVATE ${PROJECT_SOURCE_DIR}/native-tests)

# The page without a browser: what stands in for its platform, and for the screen. Objects, since the application asks for
# the platform whatever else is linked.
file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/native-tests/page/*.cpp)
add_library(mg_test_page OBJECT ${files})
target_link_libraries(mg_test_page PUBLIC mg_app mg_gtest PRIVATE mg_flags)
target_include_directories(mg_test_page PRIVATE ${PROJECT_SOURCE_DIR}/native-tests)

# mg_test_target(NAME LIBS): what every target of test files needs.
function(mg_test_target name libs)
    target_link_libraries(${name} PRIVATE mg_test_support ${libs} mg_gtest mg_flags)
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/native-tests)
    target_compile_options(${name} PRIVATE -Wno-dangling-else) # "if (x) EXPECT_EQ(...)"
    target_compile_definitions(${name} PRIVATE "MG_TEST_DATA_DIR=\"${test_data_place}\"")
    set_target_properties(${name} PROPERTIES MG_TEST ON)
    mg_unity(${name})
endfunction()

set(wasm_tests)
file(GLOB folders CONFIGURE_DEPENDS LIST_DIRECTORIES true ${PROJECT_SOURCE_DIR}/native-tests/*)
foreach(path IN LISTS folders)
    cmake_path(GET path FILENAME folder)
    file(GLOB files CONFIGURE_DEPENDS ${path}/*.cpp)
    if(NOT files OR folder MATCHES "^(support|page)$")
        continue()
    endif()
    if(EMSCRIPTEN)
        if(NOT folder STREQUAL cli)
            add_library(test_${folder} OBJECT ${files})
            mg_test_target(test_${folder} mg_app)
            list(APPEND wasm_tests test_${folder})
        endif()
        continue()
    endif()
    if(DEFINED test_libs_${folder})
        set(libs ${test_libs_${folder}})
    else()
        set(libs mg_app mg_cli)
    endif()
    add_executable(test_${folder} ${files})
    mg_test_target(test_${folder} "${libs}")
    if(TARGET micrographia AND folder STREQUAL cli)
        target_compile_definitions(test_${folder} PRIVATE "MG_CLI=\"$<TARGET_FILE:micrographia>\"")
        add_dependencies(test_${folder} micrographia)
    endif()
    add_test(NAME ${folder} COMMAND test_${folder})
    set_tests_properties(${folder} PROPERTIES TIMEOUT 900)
endforeach()

if(wasm_tests)
    add_executable(tests_all)
    target_link_libraries(tests_all PRIVATE ${wasm_tests} mg_test_page mg_test_support mg_app mg_gtest)
    # SINGLE_FILE: the packaged version cannot load a .wasm file beside it under Node 18 and later.
    target_link_options(tests_all PRIVATE -O1 -sSINGLE_FILE=1 -sENVIRONMENT=node -sALLOW_MEMORY_GROWTH=1
        -sMAXIMUM_MEMORY=${MG_WASM_MEMORY} -sTOTAL_STACK=1MB -sEXIT_RUNTIME=1 -sNODEJS_CATCH_EXIT=0
        -sNODEJS_CATCH_REJECTION=0 -sASSERTIONS=0 -Wno-pthreads-mem-growth)
    if(EXISTS ${test_data})
        target_link_options(tests_all PRIVATE --embed-file ${test_data}@/data)
    endif()
    add_test(NAME wasm COMMAND ${MG_NODE} $<TARGET_FILE:tests_all>)
endif()
