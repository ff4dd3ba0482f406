#include "math/linear.h"

#include <cmath>
#include <cstddef>

namespace mg {

std::optional<std::vector<double>> cholesky(std::vector<double> a, int n) {
    auto const size = static_cast<std::size_t>(n);
    for (std::size_t j = 0; j < size; ++j) {
        double pivot = a[j * size + j];
        for (std::size_t k = 0; k < j; ++k) pivot -= a[j * size + k] * a[j * size + k];
        if (!(pivot > 0) || !(pivot < 1e300)) return std::nullopt;
        double const root = std::sqrt(pivot);
        a[j * size + j] = root;
        for (std::size_t i = j + 1; i < size; ++i) {
            double sum = a[i * size + j];
            for (std::size_t k = 0; k < j; ++k) sum -= a[i * size + k] * a[j * size + k];
            a[i * size + j] = sum / root;
        }
    }
    return a;
}

void solve_cholesky(std::vector<double> const& factor, int n, std::vector<double>& right) {
    auto const size = static_cast<std::size_t>(n);
    for (std::size_t i = 0; i < size; ++i) {
        for (std::size_t k = 0; k < i; ++k) right[i] -= factor[i * size + k] * right[k];
        right[i] /= factor[i * size + i];
    }
    for (std::size_t i = size; i-- > 0;) {
        for (std::size_t k = i + 1; k < size; ++k) right[i] -= factor[k * size + i] * right[k];
        right[i] /= factor[i * size + i];
    }
}

std::optional<std::vector<double>> inverted_symmetric(std::vector<double> const& a, int n) {
    auto const factor = cholesky(a, n);
    if (!factor) return std::nullopt;
    auto const size = static_cast<std::size_t>(n);
    std::vector<double> inverse(size * size, 0), column(size);
    for (std::size_t j = 0; j < size; ++j) {
        column.assign(size, 0);
        column[j] = 1;
        solve_cholesky(*factor, n, column);
        for (std::size_t i = 0; i < size; ++i) inverse[i * size + j] = column[i];
    }
    return inverse;
}

} // namespace mg
