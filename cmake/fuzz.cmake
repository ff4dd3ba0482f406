# fuzz/: what is fuzzed, once for libFuzzer (clang, MG_FUZZ) and once to replay the corpus (with sanitizers, any compiler).
#   fuzz --target=NAME ...   one target with libFuzzer; scripts/fuzz runs them all
#   fuzz_seeds FOLDER        files to begin with, from the generators of the tests
#   fuzz_replay CORPUS       every target over the files that are kept in fuzz/corpus.tar.gz; a test
set(fuzz ${PROJECT_SOURCE_DIR}/fuzz)
set(fuzz_programs ${fuzz}/libfuzzer.cpp ${fuzz}/replay.cpp ${fuzz}/seeds.cpp)
file(GLOB fuzz_files CONFIGURE_DEPENDS ${fuzz}/*.cpp)
list(REMOVE_ITEM fuzz_files ${fuzz_programs})
# Of the application only its messages: no interface is linked.
add_library(mg_fuzz STATIC EXCLUDE_FROM_ALL ${fuzz_files}
    ${PROJECT_SOURCE_DIR}/wasm/app/packet.cpp ${PROJECT_SOURCE_DIR}/wasm/app/kept_file.cpp)
target_link_libraries(mg_fuzz PUBLIC ${MG_CORE} PRIVATE mg_flags)
target_include_directories(mg_fuzz PUBLIC ${PROJECT_SOURCE_DIR}/wasm)

add_executable(fuzz_replay ${fuzz}/replay.cpp)
target_link_libraries(fuzz_replay PRIVATE mg_fuzz mg_flags)
if(MG_TESTS)
    set(corpus ${PROJECT_BINARY_DIR}/fuzz-corpus)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${fuzz}/corpus.tar.gz)
    file(REMOVE_RECURSE ${corpus})
    file(ARCHIVE_EXTRACT INPUT ${fuzz}/corpus.tar.gz DESTINATION ${corpus})
    add_test(NAME fuzz_replay COMMAND fuzz_replay ${corpus})
    set_tests_properties(fuzz_replay PROPERTIES TIMEOUT 300)
endif()

if(MG_FUZZ)
    add_executable(fuzz ${fuzz}/libfuzzer.cpp)
    target_link_libraries(fuzz PRIVATE mg_fuzz mg_flags)
    target_link_options(fuzz PRIVATE -fsanitize=fuzzer)

    set(tests ${PROJECT_SOURCE_DIR}/native-tests)
    file(GLOB layouts CONFIGURE_DEPENDS ${tests}/support/layout_*.cpp)
    add_executable(fuzz_seeds ${fuzz}/seeds.cpp ${tests}/codecs/tiff_writer.cpp ${tests}/codecs/picture_files.cpp ${layouts})
    target_link_libraries(fuzz_seeds PRIVATE mg_fuzz mg_flags)
    target_include_directories(fuzz_seeds PRIVATE ${tests})
endif()
