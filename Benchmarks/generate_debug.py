#!/usr/bin/env python3
"""Writes a C++ program whose -g -O0 build is mostly debug information.

    generate_debug.py FOLDER [UNITS [TYPES]]

UNITS translation units (default 60) of TYPES record types each (default 24). Every unit includes a
dozen headers of the standard library and uses containers, algorithms, regular expressions,
variants and virtual functions over types of its own, as application code does: the headers' debug
information repeats in every unit, the instantiations do not. Functions call into the next unit, so
all are live. The program prints the sum of a computation that it also checks.
The text depends on the arguments only.
"""
import os
import sys

HEADER = """\
#pragma once
#include <algorithm>
#include <deque>
#include <functional>
#include <iostream>
#include <list>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <random>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace app {
/// What every record can do; each unit derives its own records from it.
struct Record {
  virtual ~Record() = default;
  virtual std::string name() const = 0;
  virtual long weight() const { return 1; }
};
template <class T> class Table {
 public:
  void insert(const std::string &key, T value) {
    index_[key] = rows_.size();
    rows_.push_back(std::move(value));
  }
  std::optional<T> find(const std::string &key) const {
    auto it = index_.find(key);
    if (it == index_.end()) return std::nullopt;
    return rows_[it->second];
  }
  template <class F> long sum(F f) const {
    return std::accumulate(rows_.begin(), rows_.end(), 0L,
                           [&](long total, const T &row) { return total + f(row); });
  }
  template <class Less> void sort(Less less) { std::sort(rows_.begin(), rows_.end(), less); }
  size_t size() const { return rows_.size(); }

 private:
  std::vector<T> rows_;
  std::map<std::string, size_t> index_;
};
}  // namespace app
"""

TYPE = """\
struct R{u}_{t} : Record {{
  int id = {t};
  double value = {t}.5;
  std::string label = "unit {u}, type {t}";
  std::array<short, {length}> samples{{}};
  std::string name() const override {{ return label; }}
  long weight() const override {{ return id + samples[{index}]; }}
  bool operator<(const R{u}_{t} &other) const {{ return id < other.id; }}
}};
static long use_{t}(long seed) {{
  Table<R{u}_{t}> table;
  for (int i = 0; i < 4; i++) {{
    R{u}_{t} r;
    r.id = static_cast<int>((seed + i * 7) % 5);
    table.insert("key" + std::to_string(i), r);
  }}
  table.sort([](const R{u}_{t} &a, const R{u}_{t} &b) {{ return a.id > b.id; }});
  std::unordered_map<int, std::shared_ptr<R{u}_{t}>> shared;
  std::set<R{u}_{t}> ordered;
  std::deque<std::variant<int, R{u}_{t}, std::string>> queue;
  std::function<long(const R{u}_{t} &)> weigh = [&](const R{u}_{t} &r) {{ return r.weight() + seed % 3; }};
  for (int i = 0; i < 3; i++) {{
    auto p = std::make_shared<R{u}_{t}>();
    p->id = i;
    shared.emplace(i, p);
    ordered.insert(*p);
    queue.emplace_back(*p);
  }}
  long total = table.sum(weigh);
  for (auto &entry : queue)
    total += std::visit([](auto &v) -> long {{
      if constexpr (std::is_same_v<std::decay_t<decltype(v)>, R{u}_{t}>) return v.weight();
      else return 1;
    }}, entry);
  std::list<std::tuple<int, std::unique_ptr<R{u}_{t}>>> owned;
  owned.emplace_back(1, std::make_unique<R{u}_{t}>());
  for (auto &[n, p] : owned) total += n + static_cast<long>(p->name().size());
  return total + static_cast<long>(ordered.size() + shared.size());
}}
"""


def unit(u, units, types):
    body = [f'#include <array>\n#include "app.h"\nnamespace app {{\nlong unit_{(u + 1) % units}(long, int);\nnamespace {{\n']
    for t in range(types):
        body.append(TYPE.format(u=u, t=t, length=3 + (u * 7 + t) % 29, index=t % 3))
    body.append("}  // namespace\n")
    body.append(f"""long unit_{u}(long seed, int depth) {{
  std::regex pattern("unit ([0-9]+)");
  std::smatch match;
  std::string text = "unit {u}";
  long total = std::regex_match(text, match, pattern) ? std::stol(match[1]) : -1;
""")
    body += [f"  total += use_{t}(seed + {t});\n" for t in range(types)]
    body.append(f"  return depth == 0 ? total : total + unit_{(u + 1) % units}(seed + 1, depth - 1);\n}}\n}}\n")
    return "".join(body)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder = sys.argv[1]
    units = int(sys.argv[2]) if len(sys.argv) > 2 else 60
    types = int(sys.argv[3]) if len(sys.argv) > 3 else 24
    os.makedirs(folder, exist_ok=True)
    files = {"app.h": HEADER}
    for u in range(units):
        files[f"unit_{u}.cpp"] = unit(u, units, types)
    files["main.cpp"] = f"""#include <array>
#include "app.h"
namespace app {{ long unit_0(long, int); }}
int main() {{
  long once = app::unit_0(1, {units - 1}), again = app::unit_0(1, {units - 1});
  if (once != again) return 1;
  std::cout << "units {units}, sum " << once << std::endl;
}}
"""
    for name, text in files.items():
        with open(os.path.join(folder, name), "w") as out:
            out.write(text)


if __name__ == "__main__":
    main()
