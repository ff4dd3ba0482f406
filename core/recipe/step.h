#pragma once
// A step: parameters, their table, and one function over a Scene. One file per step in core/steps, one line in
// core/steps/steps.inc. A step replaces planes and never edits them; it leaves what it does not understand alone.
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "image/scene.h"
#include "recipe/job.h"
#include "recipe/param.h"

namespace mg {

enum class StepGroup { input, clean, geometry, tone, databar, output };

/// The workflows that a step belongs to, or'ed.
enum Workflow : unsigned { k_annotate = 1, k_overlay = 2, k_materials = 4 };

struct Step {
    std::string_view id{};    ///< "despike"
    std::string_view title{};   ///< "Despike"
    StepGroup group = StepGroup::clean;
    std::string_view summary{}; ///< one sentence
    int version = 1;          ///< raised whenever the same parameters give other pixels
    std::span<Param const> params{};
    std::vector<Value> (*defaults)() = nullptr;
    Status (*run)(Scene& scene, std::span<Value const> values, Job& job) = nullptr;
    /// Keys of real parameters that can be measured on each image of a set and then fixed to common values (linked
    /// contrast): measured during run() as notes with these keys; empty: the step cannot be linked.
    std::span<std::string_view const> linkable{};
    bool on_by_default = true; ///< its state in a fresh workflow recipe
    unsigned workflows = k_annotate;
    /// It looks at all channels of a set together, and runs once for the set; else it runs on each file alone, with
    /// that file's overrides.
    bool whole_set = false;
};

namespace detail {
template <class P> P params_from(std::span<Param const> table, std::span<Value const> values) {
    P params;
    for (std::size_t i = 0; i < table.size(); ++i) table[i].set(&params, values[i]);
    return params;
}
} // namespace detail

/// Binds a typed parameter struct, its constexpr table and a typed run function:
///   constinit Step const k_despike = make_step<DespikeParams, k_params, run>({.id = "despike", ...});
/// where `constexpr auto k_params = std::to_array<Param>({param<&DespikeParams::x>({...}), ...})` at namespace scope and
/// `Status run(Scene&, DespikeParams const&, Job&)`.
template <class P, auto const& Table, Status (*Run)(Scene&, P const&, Job&)> constexpr Step make_step(Step step) {
    step.params = Table;
    step.defaults = []() {
        P defaults;
        std::vector<Value> values;
        for (Param const& p : Table) values.push_back(p.get(&defaults));
        return values;
    };
    step.run = [](Scene& scene, std::span<Value const> values, Job& job) {
        return Run(scene, detail::params_from<P>(Table, values), job);
    };
    return step;
}

} // namespace mg
