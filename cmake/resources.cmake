# Generated sources: the font and the licence texts of what is inside.
set(inter_folders /usr/share/fonts/opentype/inter /usr/share/fonts/truetype/inter /usr/share/fonts/opentype/Inter)
find_file(MG_FONT_REGULAR NAMES Inter-Regular.otf Inter-Regular.ttf PATHS ${inter_folders} NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
find_file(MG_FONT_SEMIBOLD NAMES Inter-SemiBold.otf Inter-SemiBold.ttf PATHS ${inter_folders} NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
if(NOT MG_FONT_REGULAR OR NOT MG_FONT_SEMIBOLD)
    message(FATAL_ERROR "The font Inter is missing: run scripts/setup (package fonts-inter).")
endif()

add_custom_command(OUTPUT ${MG_GENERATED}/fonts.h ${MG_GENERATED}/fonts.cpp
    COMMAND ${MG_PYTHON} ${PROJECT_SOURCE_DIR}/scripts/subset_fonts.py ${MG_FONT_REGULAR} ${MG_FONT_SEMIBOLD} ${MG_GENERATED}
    DEPENDS ${PROJECT_SOURCE_DIR}/scripts/subset_fonts.py ${MG_FONT_REGULAR} ${MG_FONT_SEMIBOLD}
    COMMENT "Cutting the font" VERBATIM)
add_library(mg_fonts STATIC ${MG_GENERATED}/fonts.cpp ${MG_GENERATED}/fonts.h)
target_link_libraries(mg_fonts PRIVATE mg_flags)
target_include_directories(mg_fonts PUBLIC ${MG_GENERATED})

set(musl)
if(EMSCRIPTEN)
    set(musl --musl ${EMSCRIPTEN_ROOT_PATH}/system/lib/libc/musl/COPYRIGHT)
endif()
add_custom_command(OUTPUT ${MG_GENERATED}/notices.h ${MG_GENERATED}/notices.cpp
    COMMAND ${MG_PYTHON} ${PROJECT_SOURCE_DIR}/scripts/notices.py --cpp ${MG_GENERATED} ${musl}
    DEPENDS ${PROJECT_SOURCE_DIR}/scripts/notices.py ${PROJECT_SOURCE_DIR}/cmake/third_party/sources.txt
    COMMENT "Collecting licence texts" VERBATIM)
add_library(mg_notices STATIC ${MG_GENERATED}/notices.cpp ${MG_GENERATED}/notices.h)
target_link_libraries(mg_notices PRIVATE mg_flags)
target_include_directories(mg_notices PUBLIC ${MG_GENERATED})
