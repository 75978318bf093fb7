# make            build the programs, and the folder that gcc's -B takes
# make set-up     install what a fresh Debian 12 lacks
# make demo       set up, build, link a program and run it
# make test       set up, build, run all tests
# make test-machines   run the end-to-end suite for every other machine, too
# make sanitize   look for data races in everything that the end-to-end suite links
# make install    PREFIX=/usr/local DESTDIR=
# make deb        a Debian package in .build/packages
# make tarball    the same files as an archive that runs where it is unpacked
# make print-libexec   the folder for gcc -B, clang --ld-path=…/ld.swold and their kin
# make check-format    what swift format says
# make selfhost   link swold with swold
# make bench      compare with the linkers that Debian has

SWIFT ?= swift
# A static program starts fastest, and depends on nothing that it may one day link. Types that the
# runtime makes from a mangled name cost a quarter of a small link, which accessors do not; what
# watches over exclusive access stays in debug builds, which the unit tests are.
SWIFT_BUILD_FLAGS ?= -c release -Xswiftc -static-executable -Xswiftc -enforce-exclusivity=unchecked \
  -Xswiftc -Xfrontend -Xswiftc -disable-concrete-type-metadata-mangled-name-accessors
SWIFT_TEST_FLAGS ?=

PREFIX ?= /usr/local
DESTDIR ?=

PROGRAMS := swold swold-lto swold-edit swold-map
LIBEXEC := $(CURDIR)/.build/libexec/swold
# The names by which compilers look for a linker.
LINKER_NAMES := ld ld.bfd ld.gold ld.lld ld.mold ld.swold

.PHONY: all programs libexec set-up demo test sanitize check-format install install-files deb tarball \
  print-libexec selfhost bench clean test-machines

all: programs libexec

programs:
	for program in $(PROGRAMS); do \
	  $(SWIFT) build $(SWIFT_BUILD_FLAGS) --product $$program || exit 1; \
	done
	# The package manager has one way to link for all programs, and this one has to load plugins.
	cd .build/release && $(SWIFT)c -static-stdlib -g -o swold-lto \
	  @swold-lto.product/Objects.LinkFileList -Xlinker --gc-sections \
	  -Xlinker --defsym -Xlinker main=swold_lto_main -lxxhash -lcrypto -lz -lzstd -lstdc++
	@ln -sfn swold-edit .build/release/swold-patchelf

libexec:
	@mkdir -p $(LIBEXEC)
	@for name in $(LINKER_NAMES); do ln -sfn ../../release/swold $(LIBEXEC)/$$name; done
	@$(MAKE) --no-print-directory $(LIBEXEC)/swold-exec.so

# What swold -run brings into the programs of a build, with LD_PRELOAD.
$(LIBEXEC)/swold-exec.so: $(shell find Sources/ExecInterpose -type f)
	$(CC) -B$(LIBEXEC) -shared -O2 -fPIC -fvisibility=hidden -Wall -Wextra \
	  -ISources/ExecInterpose/include -o $@ $(filter %.c,$^)

print-libexec:
	@echo $(LIBEXEC)

set-up:
	scripts/set-up

demo: set-up
	$(MAKE) all
	scripts/demo

test: set-up check-format
	$(MAKE) all
	$(SWIFT) test $(SWIFT_TEST_FLAGS)
	# All cases: make test-machines.
	scripts/test-machines --selection
	# All cases: make sanitize.
	SWIFT="$(SWIFT)" scripts/sanitize --threads=8 '^(threads-(all|equal)|relocatable)'

test-machines: set-up
	$(MAKE) all
	scripts/test-machines --update

sanitize: set-up
	SWIFT="$(SWIFT)" scripts/sanitize

check-format:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

install: all install-files

# For those who have made all: the packages, which must not build again as root.
install-files:
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/libexec/swold \
	  $(DESTDIR)$(PREFIX)/share/man/man1
	for program in $(filter-out swold-lto,$(PROGRAMS)); do \
	  install -m 755 .build/release/$$program $(DESTDIR)$(PREFIX)/bin/ || exit 1; \
	done
	install -m 755 .build/release/swold-lto $(DESTDIR)$(PREFIX)/libexec/swold/
	for name in $(LINKER_NAMES); do \
	  ln -sfn ../../bin/swold $(DESTDIR)$(PREFIX)/libexec/swold/$$name || exit 1; \
	done
	install -m 755 $(LIBEXEC)/swold-exec.so $(DESTDIR)$(PREFIX)/libexec/swold/
	ln -sfn swold $(DESTDIR)$(PREFIX)/bin/ld.swold
	ln -sfn swold-edit $(DESTDIR)$(PREFIX)/bin/swold-patchelf
	install -m 644 docs/*.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	scripts/completions .build/release $(DESTDIR)$(PREFIX)/share

deb: all
	scripts/deb

tarball: all
	scripts/deb --tar

selfhost: all
	scripts/selfhost

bench: all
	scripts/set-up bench
	scripts/bench

clean:
	rm -rf .build .build-tsan
