# What scripts/real-programs and scripts/take-over share: sources from Debian, the packages that
# their builds need, and what a build left behind. To be sourced; `work` is the folder to work in.
#
# Sources come with `apt-get source` through an apt configuration of our own in $work, made from the
# system's; the system's is not touched. Missing build packages are installed if the caller is root.

fail() { echo "${0##*/}: $*" >&2; exit 1; }

# need PACKAGE…: they are installed, or will be.
need() {
  local missing=() package
  for package in "$@"; do
    dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    [ "$(id -u)" = 0 ] || fail "needs these packages: apt-get install ${missing[*]}"
    apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
      fail "could not install ${missing[*]}"
  fi
}

# An apt configuration with the system's archives as sources.
apt_with_sources() {
  local file
  mkdir -p "$work/apt/parts" "$work/apt/lists/partial" "$work/apt/cache/archives/partial" ||
    fail "cannot write in $work"
  if [ ! -e "$work/apt/ready" ]; then
    for file in /etc/apt/sources.list.d/*.sources; do
      [ -e "$file" ] && grep -qi debian "$file" &&
        sed 's/^Types:.*/Types: deb-src/' "$file" >"$work/apt/parts/$(basename "$file")"
    done
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
      [ -e "$file" ] && sed -n 's/^deb \(.*debian.*\)/deb-src \1/p' "$file" \
        >"$work/apt/parts/$(basename "$file" .list).list"
    done
  fi
  apt-get -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/apt/parts" \
    -o Dir::State::lists="$work/apt/lists" -o Dir::Cache="$work/apt/cache" \
    -o APT::Sandbox::User="$(id -un)" "$@"
}

# fetch SOURCE: unpacks it into an empty folder and prints where it is.
fetch() {
  local folder=$work/$1
  rm -rf "$folder/src" && mkdir -p "$folder" && cd "$folder" || return 1
  if [ ! -e "$work/apt/ready" ]; then
    apt_with_sources -qq update >&2 && touch "$work/apt/ready" || return 1
  fi
  ls ./*.dsc >/dev/null 2>&1 || apt_with_sources -qq source --download-only "$1" >&2 || return 1
  dpkg-source --no-check -x ./*.dsc src >&2 || return 1
  touch "$folder/before"  # what is newer was built here
  echo "$folder/src"
}

# linked_files FOLDER MARK: each program and shared library in FOLDER that is newer than MARK, with a
# null byte behind it.
linked_files() {
  local file
  while IFS= read -r -d '' file; do
    # 7f 45 4c 46 and then e_type (2 bytes at 16): 2 is ET_EXEC, 3 is ET_DYN.
    [ "$(head -c 4 "$file" | od -An -tx1 | tr -d ' \n')" = 7f454c46 ] || continue
    case "$(od -An -tu2 -j16 -N2 "$file" | tr -d ' ')" in 2 | 3) printf '%s\0' "$file" ;; esac
  done < <(find "$1" -type f -newer "$2" -size +0 -print0)
}

# Tests that ask what the file system forbids fail for root, whom it forbids nothing: run them as
# nobody then, who is given the build; where possible without a network but the machine's own, for none of
# them should call others.
unprivileged() {
  local alone=()
  if [ "$(id -u)" = 0 ]; then
    ! unshare --net true 2>/dev/null ||
      alone=(unshare --net sh -c 'ip link set lo up && exec "$@"' sh)
    chown -R nobody:nogroup "$PWD" && "${alone[@]}" \
      setpriv --reuid=nobody --regid=nogroup --clear-groups env HOME="$PWD" PATH="$PATH" "$@"
  else
    "$@"
  fi
}
