#include "app/pump.h"

#include "platform/platform.h"

namespace mg::fake {

using app::text_of;

Pump::Pump(int workers)
    : app(packet(R"({"workers":)" + std::to_string(workers) + "}")), benches(static_cast<std::size_t>(workers)) {
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
        if (deadly.count(what)) {
            bench = app::Workbench{};
            app.receive(packet(R"({"type":"worker_died","words":"memory access out of bounds","worker":)" +
                               std::to_string(request.to) + "}"),
                        platform::k_page);
        } else {
            std::vector<Bytes> replies;
            bench.work({request.head, request.buffers}, &platform::now_s,
                       [&](app::PacketWriter const& reply) { replies.push_back(reply.packed()); });
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
    app.carry_out({app::AddFiles{{{path, std::make_shared<Bytes const>(bytes)}}}});
    collect();
}

Sent const* Pump::last(std::string const& type) const {
    for (auto sent = to_page.rbegin(); sent != to_page.rend(); ++sent)
        if (text_of(sent->head, "type") == type) return &*sent;
    return nullptr;
}

} // namespace mg::fake
