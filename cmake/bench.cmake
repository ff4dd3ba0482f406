# bench/<name>.cpp -> bench_<name>. bench_steps is a plain program that is also built for Node; the others use Google
# Benchmark and are native only.
add_executable(bench_steps ${PROJECT_SOURCE_DIR}/bench/steps.cpp)
target_link_libraries(bench_steps PRIVATE ${MG_CORE} mg_flags)
if(EMSCRIPTEN)
    target_link_options(bench_steps PRIVATE -sSINGLE_FILE=1 -sENVIRONMENT=node -sALLOW_MEMORY_GROWTH=1
        -sMAXIMUM_MEMORY=${MG_WASM_MEMORY} -sTOTAL_STACK=1MB -sEXIT_RUNTIME=1 -Wno-pthreads-mem-growth)
    return()
endif()
file(GLOB bench_files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/bench/bench_*.cpp)
foreach(file IN LISTS bench_files)
    cmake_path(GET file STEM name)
    add_executable(${name} ${file})
    target_link_libraries(${name} PRIVATE ${MG_CORE} mg_benchmark mg_flags)
endforeach()
