#pragma once
// A page and its workers in one process: what the application sends to a worker is done by a workbench, and answered.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "app/app.h"
#include "app/work.h"
#include "page/fake_platform.h"

namespace mg::fake {

/// A small XL image whose every pixel depends on its place and on `seed`.
Bytes small_xl(int seed, int detector = 0);

/// How often a list holds a name.
inline std::size_t count(std::vector<std::string> const& list, std::string const& what) {
    return static_cast<std::size_t>(std::count(list.begin(), list.end(), what));
}

class NoPictures : public app::PictureSink {
public:
    void draw(app::PicturePtr const&, app::Rectangle, app::Rectangle, Rgb) override {}
    void draw_placed(app::PlacedPtr const&, app::PlacedView const&, app::Rectangle, app::Rectangle) override {}
    int largest_texture() const override { return 8192; }
};

class Pump {
public:
    explicit Pump(int workers = 1);
    explicit Pump(std::string const& start); ///< the page's first message

    /// Lets the workers do what has been asked of them so far, each at most `most` requests.
    void work(int most = 1000000);
    void ask(std::string const& head);
    void add(std::string const& path, Bytes const& bytes);

    app::App app;
    std::vector<app::Workbench> benches;
    std::set<std::string> deadly;    ///< "kind name": such a request kills its worker
    std::vector<std::string> deadly_once; ///< the first request that begins so kills its worker
    int deaths = 0;
    std::vector<Sent> to_page;       ///< all but requests to workers
    std::vector<std::string> started; ///< "kind name" of every request

    Sent const* last(std::string const& type) const;

private:
    void collect();
    std::vector<Sent> m_requests;
};

} // namespace mg::fake
