#pragma once
// Errors as values. The core throws nothing: a function that can fail returns Result<T>, and MG_TRY hands an error on.
// MG_CHECK is for bugs of our own, never for what a file or a user may contain.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <variant>

namespace mg {

enum class ErrorCode { bad_file, unsupported, too_large, bad_value, no_calibration, cancelled, out_of_memory };

/// What went wrong, in words for the user: the file or key, the cause, and what to do.
struct Error {
    ErrorCode code = ErrorCode::bad_file;
    std::string message;
};

template <class T> class [[nodiscard]] Result {
public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}
    bool has_value() const { return m_state.index() == 0; }
    explicit operator bool() const { return has_value(); }
    T& value() & { return *std::get_if<0>(&m_state); }
    T const& value() const& { return *std::get_if<0>(&m_state); }
    T&& value() && { return std::move(*std::get_if<0>(&m_state)); }
    Error& error() & { return *std::get_if<1>(&m_state); }
    Error const& error() const& { return *std::get_if<1>(&m_state); }
    Error&& error() && { return std::move(*std::get_if<1>(&m_state)); }
    T* operator->() { return std::get_if<0>(&m_state); }
    T const* operator->() const { return std::get_if<0>(&m_state); }
    T& operator*() & { return value(); }
    T const& operator*() const& { return value(); }

private:
    std::variant<T, Error> m_state;
};

struct Done {};
/// Result of a function that returns nothing: `return Done{};`
using Status = Result<Done>;

} // namespace mg

#define MG_CONCAT_(a, b) a##b
#define MG_CONCAT(a, b) MG_CONCAT_(a, b)
/// MG_TRY(auto image, Image<float>::create(size)); declares or assigns the value, or returns the error.
#define MG_TRY(target, expression) MG_TRY_(target, expression, MG_CONCAT(mg_try_, __LINE__))
#define MG_TRY_(target, expression, temporary)                                                                         \
    auto temporary = (expression);                                                                                     \
    if (!temporary.has_value()) return std::move(temporary).error();                                                   \
    target = std::move(temporary).value()
/// MG_TRY_DO(step(scene)); for a Status.
#define MG_TRY_DO(expression)                                                                                          \
    do {                                                                                                               \
        auto mg_try_status = (expression);                                                                             \
        if (!mg_try_status.has_value()) return std::move(mg_try_status).error();                                       \
    } while (false)
#define MG_CHECK(condition)                                                                                            \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            std::fprintf(stderr, "%s:%d: check failed: %s\n", __FILE__, __LINE__, #condition);                         \
            std::abort();                                                                                              \
        }                                                                                                              \
    } while (false)
