// micrographia sample: the generated sample sets, as files.
#include "base/json.h"
#include "cli/commands.h"
#include "cli/files.h"
#include "recipe/names.h"
#include "samples/sample_edx.h"
#include "samples/sample_xl.h"

namespace mg::cli {

int run_sample(Options const& options) {
    if (options.files.empty() || options.files.size() > 2 || !options.values.empty())
        return wrong_usage("sample: one folder is needed; usage: micrographia sample DIR [materials]");
    bool const of_maps = options.files.size() > 1;
    if (of_maps && options.files[1] != "materials")
        return wrong_usage("sample: " + unknown_name("set", options.files[1], {"materials"}).message);
    constexpr std::uint64_t k_seed = 1; // the page's own sample set
    Json list{Json::Array{}};
    for (SampleFile const& file : of_maps ? sample_edx_set(k_seed).files : sample_xl_set(k_seed)) {
        fs::path const path = fs::path(options.files.front()) / file.relative_path;
        std::error_code error;
        fs::create_directories(path.parent_path(), error);
        if (auto const written = write_file(path, file.bytes); !written) {
            report(path.string(), written.error().message);
            return 1;
        }
        if (options.json)
            list.push(path.string());
        else
            print(path.string() + "\n");
    }
    if (options.json) {
        Json json;
        json.add("files", std::move(list));
        print(to_text(json) + "\n");
    }
    return 0;
}

} // namespace mg::cli
