#pragma once

namespace mg {
inline constexpr char k_version[] = "0.1.0";
} // namespace mg
