# bench/<name>.cpp -> bench_<name>, with Google Benchmark and everything of ours.
file(GLOB bench_files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/bench/*.cpp)
foreach(file IN LISTS bench_files)
    cmake_path(GET file STEM name)
    string(REGEX REPLACE "^bench_" "" name "${name}")
    add_executable(bench_${name} ${file})
    target_link_libraries(bench_${name} PRIVATE ${MG_CORE} mg_benchmark mg_flags)
endforeach()
