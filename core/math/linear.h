#pragma once
// Small dense symmetric systems, row by row, in double.
#include <optional>
#include <vector>

namespace mg {

/// Lower factor L of a = L L^T (n x n; above the diagonal: rubbish); none when `a` is not positive definite.
std::optional<std::vector<double>> cholesky(std::vector<double> a, int n);
/// Replaces `right` by the solution of L L^T x = right.
void solve_cholesky(std::vector<double> const& factor, int n, std::vector<double>& right);
/// None when `a` is not positive definite.
std::optional<std::vector<double>> inverted_symmetric(std::vector<double> const& a, int n);

} // namespace mg
