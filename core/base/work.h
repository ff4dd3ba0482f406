#pragma once
// What a long computation is given: whom it tells how far it is, who may stop it, and who runs its independent parts.
#include <cstddef>
#include <functional>
#include <string_view>

namespace mg {

class Work {
public:
    virtual ~Work() = default;
    /// fraction 0..1, stage in the user's words.
    virtual void progress(double /*fraction*/, std::string_view /*stage*/) {}
    virtual bool cancelled() const { return false; }
    /// part(i) for every i < count, in any order and perhaps several at a time. Parts write to places of their own, so
    /// the result is the same whoever runs them.
    virtual void for_each(std::size_t count, std::function<void(std::size_t)> const& part) {
        for (std::size_t i = 0; i < count; ++i) part(i);
    }
};

} // namespace mg
