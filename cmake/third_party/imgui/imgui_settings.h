// Dear ImGui's compile-time settings.
#pragma once
// Plots draw more than 65536 vertices, and WebGL2 has no base-vertex draw call.
#define ImDrawIdx unsigned int
// Everything is in memory: no .ini, no log files, no shell.
#define IMGUI_DISABLE_FILE_FUNCTIONS
#define IMGUI_DISABLE_DEFAULT_SHELL_FUNCTIONS
#define IMGUI_DISABLE_DEBUG_TOOLS
#define IMGUI_DISABLE_DEMO_WINDOWS
#define IMGUI_DISABLE_OBSOLETE_FUNCTIONS
