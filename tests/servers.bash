# What the scripts that start servers for a command share: finding and installing programs, folders and ports, a guard
# that stops the servers however the script ends, and the command itself. To be sourced; the script says how its servers
# are stopped, in `stop_servers FOLDER`.
# shellcheck shell=bash

readonly start_seconds=60

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { say "$@"; exit 1; }
have() { command -v "$1" >/dev/null; }
is_root() { [ "$(id -u)" = 0 ]; }

# --- Programs ----------------------------------------------------------------------------------------

mariadbd='' mariadb_install_db=''

# Folders that may hold server programs, likeliest first; distributions keep them out of PATH.
mariadb_folders() {
  printf '%s\n' "$PATH" | tr : '\n'
  printf '%s\n' /usr/bin /usr/sbin /usr/libexec /opt/homebrew/opt/mariadb/bin
}

find_mariadb() {
  local folder
  while read -r folder; do
    if [ -z "$mariadbd" ] && [ -x "$folder/mariadbd" ]; then mariadbd=$folder/mariadbd; fi
    if [ -z "$mariadb_install_db" ] && [ -x "$folder/mariadb-install-db" ]; then
      mariadb_install_db=$folder/mariadb-install-db
    fi
  done < <(mariadb_folders)
  [ -n "$mariadbd" ] && [ -n "$mariadb_install_db" ]
}

# Installs packages without starting the services they bring: a second server on the standard port
# is not ours to start. Debian's packages ask policy-rc.d first, and 101 means "do not".
apt_install() (
  policy=/usr/sbin/policy-rc.d
  kept=$policy.before-tests
  verdict=0
  if [ -x "$policy" ]; then "$policy" postgresql start >/dev/null 2>&1 || verdict=$?; fi
  if [ "$verdict" != 101 ]; then
    trap 'rm -f "$policy"; if [ -e "$kept" ]; then mv "$kept" "$policy"; fi' EXIT
    if [ -e "$policy" ]; then mv "$policy" "$kept"; fi
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
  fi

  export DEBIAN_FRONTEND=noninteractive
  install=(apt-get -q -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@")
  say "running: ${install[*]}"
  # The lists may be missing, as in container images, or too old.
  "${install[@]}" >&2 || {
    say 'running: apt-get update, then the same again'
    apt-get -q update >&2 && "${install[@]}" >&2
  }
)

# Installs these packages if we may, and says how otherwise; `$1` is the test that they are there.
provide_packages() {
  local is_there=$1
  shift
  "$is_there" && return
  if is_root && have apt-get; then apt_install "$@" || true; hash -r; fi
  "$is_there" || die "missing programs; install them:  sudo apt-get install -y --no-install-recommends $*"
}

# --- Folders and ports -------------------------------------------------------------------------------

random_hex() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

# Below the range from which systems take the local ends of connections. Somebody else may still
# take the port before the server does; `start_*` then tries another.
free_port() {
  local port
  while :; do
    port=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 12000))
    if ! (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "$port"; return; fi
  done
}

# PostgreSQL and MariaDB refuse to run as root: they get the users their packages have.
prepare_folder() {
  local folder=$1 user=$2
  mkdir -m 700 "$folder" # it holds a password, and a socket that asks for none
  cd "$folder" # the servers' users need not be able to enter the folder we were called in
  : >log
  is_root || return 0
  id "$user" >/dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin "$user"
  chown "$user" . log
  run_as "$user" test -w "$folder" || die "the user $user cannot write to $folder; set TMPDIR elsewhere"
}

run_as() {
  local user=$1
  shift
  if is_root; then runuser -u "$user" -- "$@"; else "$@"; fi
}

# A folder for the data of all servers of a script, guarded from here on; its name is in `work`.
work=''
begin_work() {
  work=$(mktemp -d "${TMPDIR:-/tmp}/${0##*/}.XXXXXX")
  work=$(cd "$work" && pwd)
  chmod 755 "$work" # the servers' users pass through it to folders of their own
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  start_guard "$work"
  trap finish EXIT
}

# Waits until the log in this folder reports it, as long as the process lives.
wait_for_log() {
  local words=$1 process=$2 deadline=$((SECONDS + start_seconds))
  while [ "$SECONDS" -lt "$deadline" ]; do
    if grep -q "$words" log; then return 0; fi
    kill -0 "$process" 2>/dev/null || return 1
    sleep 0.05
  done
  return 1
}

report_failure() {
  say "$1 did not come up; its log:"
  sed 's/^/  | /' log >&2
  exit 1
}

# --- The guard ---------------------------------------------------------------------------------------

# No stop waits for processes: where nobody reaps orphans, as in many containers, they stay as zombies.
remove_folder() {
  cd /
  for _ in {1..100}; do rm -rf "$1" 2>/dev/null && return; sleep 0.05; done
  say "could not remove $1"
}

# Outlives us, however we end: reads a pipe that only this script and its starters hold open, and
# stops the servers when it closes. That is the only clean-up there is, so `kill -9` needs no other.
guard=''
start_guard() {
  mkfifo "$1/alive"
  set -m
  (
    trap '' INT TERM HUP
    cat "$1/alive" >/dev/null
    stop_servers "$1"
  ) &
  set +m
  guard=$!
  exec 9>"$1/alive"
}

finish() {
  trap '' INT TERM HUP
  exec 9>&-
  wait "$guard" || true
}

# --- The command -------------------------------------------------------------------------------------

# Hands a signal on to the command. Ctrl-C needs no help: a terminal sends it to both of us.
command='' signalled=''
pass_on() {
  signalled=$1
  if [ "$1" != INT ] || ! [ -t 0 ]; then kill -s "$1" "$command" 2>/dev/null || true; fi
}

# In the background, because bash runs a trap only when nothing is in its foreground. Without
# `trap -` and `<&0` the command would ignore Ctrl-C and read nothing.
run_command() {
  local code
  (
    trap - INT QUIT TERM HUP EXIT
    exec 9>&-
    exec "$@"
  ) <&0 &
  command=$!
  trap 'pass_on INT' INT
  trap 'pass_on TERM' TERM
  trap 'pass_on HUP' HUP
  code=0
  wait "$command" 2>/dev/null || code=$? # bash would write that it was killed
  [ -n "$signalled" ] || exit "$code"
  # Not by `wait`: bash forgets the end of a process if a signal comes with it, as `timeout` has it,
  # and would wait for ever.
  while kill -0 "$command" 2>/dev/null; do sleep 0.05; done
  if [[ " $(jobs -rp | tr '\n' ' ')" = *" $command "* ]]; then exit $((128 + $(kill -l "$signalled"))); fi
  code=0
  wait "$command" 2>/dev/null || code=$?
  exit "$code"
}
