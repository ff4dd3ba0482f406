#include "app/pump.h"

#include <algorithm>

#include "platform/platform.h"
#include "samples/sample_xl.h"

namespace mg::fake {

using app::text_of;

namespace {

/// The script keeps the reply's buffers and passes on their numbers.
Bytes with_kept(app::PacketWriter const& reply) {
    Json head = reply.head, list{Json::Array{}};
    for (ByteView buffer : reply.buffers()) {
        Json file;
        file.add("file", keep_result(buffer));
        file.add("size", static_cast<std::int64_t>(buffer.size()));
        list.push(std::move(file));
    }
    head.add("kept", std::move(list));
    return app::packed(to_text(head), {});
}

} // namespace

Pump::Pump(int workers) : Pump(R"({"workers":)" + std::to_string(workers) + "}") {}

Pump::Pump(std::string const& start)
    : app(packet(start)), benches(static_cast<std::size_t>(app::number_of(parse_json(start).value(), "workers"))) {
    set_now_s(0);
    take_sent();
}

void Pump::collect() {
    for (Sent& sent : take_sent()) {
        if (sent.to >= 0) m_requests.push_back(std::move(sent));
        else {
            if (text_of(sent.head, "type") == "restart_worker")
                std::erase_if(m_requests, [&](Sent const& s) { return s.to == app::number_of(sent.head, "worker"); });
            to_page.push_back(std::move(sent));
        }
    }
}

void Pump::work(int most) {
    collect();
    for (int done = 0; done < most && !m_requests.empty(); ++done) {
        Sent const request = std::move(m_requests.front());
        m_requests.erase(m_requests.begin());
        Json const* file = request.head.find("file");
        std::string const what = text_of(request.head, "kind") + " " + (file ? text_of(*file, "name") : std::string{});
        started.push_back(what);
        auto& bench = benches[static_cast<std::size_t>(request.to)];
        auto const once = std::find_if(deadly_once.begin(), deadly_once.end(), [&](auto const& d) { return what.starts_with(d); });
        bool const dies_once = once != deadly_once.end();
        if (dies_once) deadly_once.erase(once);
        if (dies_once || deadly.count(what)) {
            ++deaths;
            bench = app::Workbench{};
            app.receive(packet(R"({"type":"worker_died","words":"memory access out of bounds","worker":)" +
                               std::to_string(request.to) + "}"),
                        platform::k_page);
        } else {
            std::vector<Bytes> replies;
            bench.work({request.head, request.buffers}, &platform::now_s,
                       [&](app::PacketWriter const& reply) { replies.push_back(reply.keep ? with_kept(reply) : reply.packed()); });
            for (Bytes const& reply : replies) app.receive(*app::unpacked(reply), request.to);
        }
        collect();
    }
}

void Pump::ask(std::string const& head) {
    app.receive(packet(head), platform::k_page);
    collect();
}

void Pump::add(std::string const& path, Bytes const& bytes) {
    app.carry_out({app::AddFiles{{dropped(path, bytes)}}});
    collect();
}

Sent const* Pump::last(std::string const& type) const {
    for (auto sent = to_page.rbegin(); sent != to_page.rend(); ++sent)
        if (text_of(sent->head, "type") == type) return &*sent;
    return nullptr;
}

Bytes small_xl(int seed, int detector) {
    Image<std::uint8_t> image = Image<std::uint8_t>::create({96, 64}).value();
    for (int y = 0; y < 64; ++y)
        for (int x = 0; x < 96; ++x) image.at(x, y) = static_cast<std::uint8_t>(20 + seed + (x * 7 + y * 13 + (x * y) % 31) % 180);
    XlHeader header;
    header.detector = detector;
    return write_xl_tiff(image.view(), header);
}

} // namespace mg::fake
