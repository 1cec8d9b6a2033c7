# Sourced: how packages of any Debian release and architecture are fetched. apt does it, with a package list of its own: from the
# mirror that it is configured with, along the signatures of Debian's keyring and the checksums that they cover.
# shellcheck shell=bash

# The address of Debian's main archive, as apt has it; its package lists are asked for where there are none yet.
debian_mirror() {
  local uri attempt
  for attempt in 1 2; do
    uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' \
      'Component: main' | sort -u | head -n 1)
    [[ -z $uri && $attempt == 1 ]] || break
    apt-get -qq update >&2
  done
  if [[ -z $uri ]]; then
    echo 'test/kernels: apt has no source of Debian packages here' >&2
    return 1
  fi
  echo "$uri"
}

# open_debian FOLDER SUITE ARCHITECTURE: from here on, in_debian is about this release. FOLDER is to work in.
open_debian() {
  local folder=$1 suite=$2 architecture=$3 uri
  uri=$(debian_mirror)
  mkdir -p "$folder"/{lists/partial,cache/archives/partial}
  : >"$folder/status"
  echo "deb [arch=$architecture signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $suite main" \
    >"$folder/sources.list"
  debian_options=(
    -o "Dir::Etc::SourceList=$folder/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null
    -o "Dir::State::Lists=$folder/lists" -o "Dir::State::Status=$folder/status" -o "Dir::Cache=$folder/cache"
    -o "APT::Architecture=$architecture" -o "APT::Architectures=$architecture" -o APT::Sandbox::User=
    -o APT::Update::Error-Mode=any -o Acquire::Languages=none -o Acquire::Retries=3
    -o APT::Get::AllowUnauthenticated=false -o Acquire::AllowInsecureRepositories=false
  )
  in_debian apt-get -qq update >&2
}

# in_debian apt-get|apt-cache ARGUMENT...
in_debian() {
  local program=$1
  shift
  "$program" "${debian_options[@]}" "$@"
}

# extract_packages FOLDER PACKAGE...: what these packages hold, without what they depend on.
extract_packages() {
  local folder=$1 downloads package
  shift
  downloads=$(mktemp -d)
  (cd "$downloads" && in_debian apt-get -qq download "$@" >&2)
  mkdir -p "$folder"
  for package in "$downloads"/*.deb; do dpkg-deb --extract "$package" "$folder"; done
  rm -r "$downloads"
}
