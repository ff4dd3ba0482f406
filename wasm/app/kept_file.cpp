#include "app/kept_file.h"

#include <utility>

#include "platform/platform.h"

namespace mg::app {

SharedFile owned(KeptFile file) {
    return SharedFile(new KeptFile(std::move(file)), [](KeptFile const* gone) {
        platform::forget_file(gone->number);
        delete gone;
    });
}

} // namespace mg::app
