# mbus-slave: `make help` lists the targets.

VERSION := 0.1.0

# Where objects and programs go; a build of another kind takes another folder:
#   make BUILD=build/clang CC=clang
BUILD ?= build
ifeq ($(origin CC),default)
CC := gcc
endif
PKG_CONFIG ?= pkg-config
prefix ?= /usr/local
sysconfdir ?= /etc
bindir ?= $(prefix)/bin
sbindir ?= $(prefix)/sbin
sharedir ?= $(prefix)/share
mandir ?= $(sharedir)/man

# V=1 shows the commands. WERROR=1 makes warnings errors. SANITIZE=1 builds with ASan and UBSan.
Q := $(if $(V),,@)
say = @$(if $(V),true,printf '  %-7s %s\n')

# ---- Flags -------------------------------------------------------------------------------------
# Debian's hardening flags are the default, so that a plain `make` gives what the package gives.
OPTIMIZE := -O2 -g
ifdef SANITIZE
HARDEN_C := -DSANITIZED -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
HARDEN_L := -fsanitize=address,undefined
else
HARDEN_C := -fstack-protector-strong -fPIE -Wformat -Werror=format-security
HARDEN_P := -D_FORTIFY_SOURCE=2
HARDEN_L := -pie -Wl,-z,relro -Wl,-z,now
endif
CFLAGS ?= $(OPTIMIZE) $(HARDEN_C)
CPPFLAGS ?= $(HARDEN_P)
LDFLAGS ?= $(HARDEN_L)

WARN := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla \
        $(if $(WERROR),-Werror)
# -pthread: sys/worker.c and sys/pool.c have threads.
override CFLAGS += -std=gnu11 -pthread $(WARN)
# _FILE_OFFSET_BITS: on armhf a file is not too large, nor its inode's number, because they do not fit 32 bits;
# _TIME_BITS: nor does the time, from 2038 on.
override CPPFLAGS += -I. -Isrc -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 -DMBUS_SLAVE_VERSION='"$(VERSION)"'

# ---- Layers ------------------------------------------------------------------------------------
# From the bottom up: each folder of src is an archive that may use those before it (src/README.md).
LAYERS := base mbus meter slave config sys io source store control daemon ctl
LIBRARY_PACKAGES := libsystemd libconfig libgpiod
LIBGPIOD_OLDEST := 1.6

PKG_CFLAGS = $(shell $(PKG_CONFIG) --cflags $(LIBRARY_PACKAGES))
PKG_LIBS = $(shell $(PKG_CONFIG) --libs $(LIBRARY_PACKAGES))

# libgpiod 1.6 and 2.x share no call: one of two files speaks to it, the other stays out.
GPIO_UNUSED := $(if $(shell $(PKG_CONFIG) --atleast-version=2 libgpiod && echo 2),src/io/gpio_v1.c,src/io/gpio_v2.c)

sources = $(filter-out $(GPIO_UNUSED),$(wildcard src/$(1)/*.c))
objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(call sources,$(1)))
archive = $(BUILD)/lib$(1).a
# The archives that layer $(1) may use, itself first, in link order.
reverse = $(if $(1),$(call reverse,$(wordlist 2,99,$(1))) $(firstword $(1)))
below = $(call reverse,$(wordlist 1,$(words $(shell echo "$(LAYERS)" | sed 's/\b$(1)\b.*//')),$(LAYERS)) $(1))
archives_below = $(foreach l,$(call below,$(1)),$(call archive,$(l)))

PROGRAM := $(BUILD)/mbus-slave
MAIN_OBJECT := $(BUILD)/obj/src/daemon/main.o
CTL_PROGRAM := $(BUILD)/mbus-slavectl
CTL_MAIN_OBJECT := $(BUILD)/obj/src/ctl/main.o
GENERATED := $(BUILD)/gen/stock.c
SOURCES := $(foreach l,$(LAYERS),$(call sources,$(l)))

.PHONY: all
all: $(PROGRAM) $(CTL_PROGRAM)

$(PROGRAM): $(MAIN_OBJECT) $(call archives_below,daemon)
	$(say) LINK $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(PKG_LIBS) $(LDLIBS)

# It is above all layers and includes few of them (tests/tools/layers.sh): of the rest nothing is linked.
$(CTL_PROGRAM): $(CTL_MAIN_OBJECT) $(call archives_below,ctl)
	$(say) LINK $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -Wl,--as-needed $(PKG_LIBS) -lm $(LDLIBS)

# What is missing is said once, by the name of its package, before the first file is compiled.
$(BUILD)/libraries:
	@missing=; for p in $(LIBRARY_PACKAGES); do \
	  $(PKG_CONFIG) --exists $$p || missing="$$missing $$p-dev"; done; \
	[ -z "$$missing" ] || { echo "To build mbus-slave, install$$missing (or all that is needed: make deps)"; exit 1; }
	@$(PKG_CONFIG) --atleast-version=$(LIBGPIOD_OLDEST) libgpiod || \
	  { echo "mbus-slave needs libgpiod $(LIBGPIOD_OLDEST) or newer; this is $$($(PKG_CONFIG) --modversion libgpiod)"; exit 1; }
	@mkdir -p $(@D)
	@touch $@

$(BUILD)/obj/%.o: %.c | $(BUILD)/libraries
	$(say) CC $<
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/obj/gen/%.o: $(BUILD)/gen/%.c
	$(say) CC $<
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# The stock configuration is part of the program: `mbus-slave --device pty` needs no file.
$(BUILD)/gen/stock.c: etc/mbus-slave.conf
	$(say) GEN $@
	@mkdir -p $(@D)
	$(Q){ echo '/* Made from $<. */'; echo '#include "config/config.h"'; \
	  echo 'const char config_stock_text[] ='; \
	  sed -e 's/[\\"]/\\&/g' -e 's/^.*$$/    "&\\n"/' $<; echo '    ;'; } > $@.tmp && mv $@.tmp $@

define layer_rules
$(call archive,$(1)): $(filter-out $(MAIN_OBJECT) $(CTL_MAIN_OBJECT),$(call objects,$(1))) \
                      $(if $(filter config,$(1)),$(BUILD)/obj/gen/stock.o)
	$$(say) AR $$@
	@rm -f $$@
	$$(Q)$$(AR) rcsD $$@ $$^
endef
$(foreach l,$(LAYERS),$(eval $(call layer_rules,$(l))))

# ---- Tests -------------------------------------------------------------------------------------
# tests/unit/LAYER/test_X.c links the archive of its layer and those below, nothing above;
# tests/system/test_X.c drives the built daemon.
UNIT_TESTS := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/*/test_*.c))
SYSTEM_TESTS := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/system/test_*.c))
SYSTEM_HELPERS := $(patsubst %.c,$(BUILD)/obj/%.o,\
                    $(filter-out $(wildcard tests/system/test_*.c),$(wildcard tests/system/*.c)))

.SECONDARY:
.SECONDEXPANSION:
$(UNIT_TESTS): $(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $$(call archives_below,$$(word 2,$$(subst /, ,$$*)))
	$(say) LINK $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) -lcmocka $(PKG_LIBS) -lm

# A test that includes the fake is linked with it: what it defines is not taken from the archive.
faked = $(patsubst tests/%.c,$(BUILD)/tests/%,$(shell grep -l '"tests/fake/$(1).h"' tests/unit/*/test_*.c))
$(call faked,gpio_fake): $(BUILD)/obj/tests/fake/gpio_fake.o
$(call faked,daemon_fake): $(BUILD)/obj/tests/fake/daemon_fake.o

$(SYSTEM_TESTS): $(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(SYSTEM_HELPERS)
	$(say) LINK $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lcmocka -Wl,--as-needed $(PKG_LIBS)

# What the schema knows, as text: tests/tools/names.sh holds the manual and the sample against it.
SETTINGS := $(BUILD)/tests/tools/settings
$(SETTINGS): $(BUILD)/obj/tests/tools/settings.o $(call archives_below,config)
	$(say) LINK $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

# tests/fuzz/fuzz_X.c with a plain main() replays its corpus in every check; `make fuzz` lets libFuzzer go on
# from there.
FUZZ_SOURCES := $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_REPLAYS := $(patsubst tests/%.c,$(BUILD)/tests/%,$(FUZZ_SOURCES))
fuzz_layer = $(or $(if $(filter %fuzz_state,$(1)),store),$(if $(filter %fuzz_source_text,$(1)),source),\
               $(if $(filter %fuzz_config %fuzz_record,$(1)),config),$(if $(filter %fuzz_feed,$(1)),ctl),slave)

$(FUZZ_REPLAYS): $(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(BUILD)/obj/tests/fuzz/replay.o \
                 $$(call archives_below,$$(call fuzz_layer,$$*))
	$(say) LINK $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(PKG_LIBS)

.PHONY: tests
tests: $(UNIT_TESTS) $(SYSTEM_TESTS) $(FUZZ_REPLAYS) $(SETTINGS) $(PROGRAM) $(CTL_PROGRAM)

# ---- Everyday targets --------------------------------------------------------------------------
# A line that begins with two # is what `make help` prints.
##
## Targets:
##   all        build $(BUILD)/mbus-slave and mbus-slavectl; needs no network and no root (this is plain `make`)
##   tests      build the tests too
JOBS = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc))
SUBMAKE = $(MAKE) --no-print-directory $(if $(V),,-s)
PORT ?= 10001

##   run        install what building needs, build, start a meter on a pty and a TCP port of loopback
.PHONY: run
run:
	@tests/tools/deps.sh run
	@$(SUBMAKE) $(JOBS) all
	@exec env BUILD=$(BUILD) PORT=$(PORT) tests/tools/run.sh $(PROGRAM)

##   check      install what building and testing needs, build, run the tests; no root beyond the install
.PHONY: check
check:
	@tests/tools/deps.sh check
	@$(SUBMAKE) $(JOBS) tests
	@$(SUBMAKE) run-tests

# Scripts that are tests: our house rules, mbus-slavectl, and masters that nobody here wrote.
# The search of 250 meters takes minutes: it is for check-all.
MASTERS ?= tests/masters/node-mbus.sh
# The corpus of telegrams is not part of the repository: where nothing may be skipped, it is asked for only if it is
# there.
HAVE_CORPUS = $(or $(CORPUS),$(wildcard ../shared/corpus))
SCRIPT_TESTS := $(addprefix tests/tools/,layers.sh purity.sh sizes.sh names.sh install.sh rules.sh selftest.sh decode.sh \
                  $(if $(and $(NO_SKIP),$(if $(HAVE_CORPUS),,1)),,corpus.sh))
# Most tests wait most of the time: for a gap, a timer, a master that waits for silence.
TEST_JOBS ?= $(shell echo $$(($$(nproc) + 1)))

# Not $(abspath): it takes a path with a blank for two.
absolute = $(if $(filter /%,$(firstword $(1))),$(1),$(CURDIR)/$(1))

# The tests as they are built; COUNTS and LABEL let several runs add up (tests/tools/check-all.sh).
.PHONY: run-tests
run-tests:
	@MBUS_SLAVE="$(call absolute,$(PROGRAM))" MBUS_SLAVECTL="$(call absolute,$(CTL_PROGRAM))" SRCDIR="$(CURDIR)" BUILD="$(call absolute,$(BUILD))" CC="$(CC)" \
	  tests/tools/run-tests.sh $(if $(COUNTS),--counts $(COUNTS)) $(if $(LABEL),--label "$(LABEL)") \
	  --jobs $(TEST_JOBS) $(MASTERS) $(SYSTEM_TESTS) $(UNIT_TESTS) $(FUZZ_REPLAYS) $(SCRIPT_TESTS)

##   check-all  everything CI runs: gcc, clang, sanitizers, lint, node-mbus, a fresh machine (as root)
.PHONY: check-all
check-all:
	@BUILD=$(BUILD) tests/tools/check-all.sh

##   lint       clang-tidy, cppcheck, clang-format, paths of one machine
.PHONY: lint
lint:
	@LINT_SKIP="$(GPIO_UNUSED)" LINT_FLAGS="$(filter-out -D_FORTIFY_SOURCE% -DMBUS_SLAVE_VERSION%,$(CPPFLAGS)) $(PKG_CFLAGS) -std=gnu11 $(WARN)" \
	  tests/tools/run-tests.sh --timeout 1500 $(if $(COUNTS),--counts $(COUNTS)) tests/tools/lint.sh

##   format     lay out all C files with clang-format 14
.PHONY: format
format:
	@clang-format-14 -i $(wildcard src/*/*.[ch] tests/*/*.[ch] tests/*/*/*.[ch])

##   deps       install what building and testing needs (Debian packages, through sudo when not root)
.PHONY: deps
deps:
	@tests/tools/deps.sh check

##   deb        install what that needs, build the Debian packages, put them into $(BUILD)
.PHONY: deb
deb:
	@tests/tools/deps.sh deb
	@tests/tools/deb.sh $(BUILD)

##   install    install programs, unit, configuration, manual, examples; takes DESTDIR
# Where systemd and udev look is for systemd.pc to say: Debian 12 and 13 differ, and debhelper looks nowhere else.
systemd_dir = $(or $(shell $(PKG_CONFIG) --variable=$(1) systemd 2>/dev/null),$(prefix)/lib/$(2))
UNIT_DIR = $(call systemd_dir,systemdsystemunitdir,systemd/system)
RULES_DIR = $(UNIT_DIR:systemd/system=udev/rules.d)
SYSUSERS_DIR = $(call systemd_dir,sysusersdir,sysusers.d)
CATALOG_DIR = $(call systemd_dir,catalogdir,systemd/catalog)
# dbus-daemon looks into /usr/share and /etc, and nowhere below /usr/local.
DBUS_DIR = $(if $(filter /usr,$(prefix)),$(sharedir),$(sysconfdir))/dbus-1/system.d
DOC_DIR = $(sharedir)/doc/mbus-slave
CONFIG_FILE = $(DESTDIR)$(sysconfdir)/mbus-slave.conf
INSTALL ?= install
# Names a file that is installed, and installs it as $(2) in the folder $(3).
define install_file
	$(say) INSTALL $(DESTDIR)$(3)/$(2)
	$(Q)$(INSTALL) -D -m 644 $(1) $(DESTDIR)$(3)/$(2)
endef

.PHONY: install
install: $(PROGRAM) $(CTL_PROGRAM)
	$(say) INSTALL $(DESTDIR)$(sbindir)/mbus-slave
	$(Q)$(INSTALL) -D -m 755 $(PROGRAM) $(DESTDIR)$(sbindir)/mbus-slave
	$(say) INSTALL $(DESTDIR)$(bindir)/mbus-slavectl
	$(Q)$(INSTALL) -D -m 755 $(CTL_PROGRAM) $(DESTDIR)$(bindir)/mbus-slavectl
	$(call install_file,systemd/mbus-slave.service,mbus-slave.service,$(UNIT_DIR))
	$(Q)sed -i 's|/usr/sbin/mbus-slave|$(sbindir)/mbus-slave|g' $(DESTDIR)$(UNIT_DIR)/mbus-slave.service
	$(call install_file,systemd/mbus-slave.sysusers,mbus-slave.conf,$(SYSUSERS_DIR))
	$(call install_file,systemd/mbus-slave.catalog,mbus-slave.catalog,$(CATALOG_DIR))
	$(call install_file,systemd/io.github.mbus_slave1.conf,io.github.mbus_slave1.conf,$(DBUS_DIR))
	$(call install_file,systemd/60-mbus-slave.rules,60-mbus-slave.rules,$(RULES_DIR))
	$(call install_file,src/completion/mbus-slavectl,mbus-slavectl,$(sharedir)/bash-completion/completions)
	$(call install_file,src/man/mbus-slavectl.1,mbus-slavectl.1,$(mandir)/man1)
	$(call install_file,src/man/mbus-slave.8,mbus-slave.8,$(mandir)/man8)
	$(call install_file,src/man/mbus-slave.conf.5,mbus-slave.conf.5,$(mandir)/man5)
	$(say) INSTALL $(DESTDIR)$(DOC_DIR)/examples
	$(Q)$(INSTALL) -d $(DESTDIR)$(DOC_DIR)/examples
	$(Q)$(INSTALL) -m 644 $(wildcard etc/examples/*) $(DESTDIR)$(DOC_DIR)/examples
	$(Q)if [ -z '$(DESTDIR)' ] && [ -e $(CONFIG_FILE) ]; then \
	  echo '  $(CONFIG_FILE) is there already and stays as it is'; \
	else \
	  echo '  INSTALL $(CONFIG_FILE)'; $(INSTALL) -D -m 644 etc/mbus-slave.conf $(CONFIG_FILE); \
	fi
	$(Q)[ -n '$(DESTDIR)' ] || tests/tools/installed.sh $(SYSUSERS_DIR)

##   fuzz       let libFuzzer look for inputs that break a target, FUZZ_SECONDS=60 each (clang)
FUZZ_SECONDS ?= 60
FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(FUZZ_SOURCES))

$(FUZZERS): $(BUILD)/fuzz/%: tests/fuzz/%.c \
            $(wildcard src/base/* src/mbus/* src/meter/* src/slave/* src/config/* src/sys/* src/store/*) \
            src/source/text.c src/source/text.h src/ctl/feed_line.c src/ctl/feed_line.h \
            $(BUILD)/gen/stock.c
	$(say) FUZZER $@
	@mkdir -p $(@D)
	$(Q)clang -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -std=gnu11 $(filter-out -D_FORTIFY_SOURCE%,$(CPPFLAGS)) \
	  -pthread -o $@ $(filter %.c,$^) $(PKG_LIBS)

# What is found new is kept in $(BUILD)/fuzz; an input that breaks a target belongs into tests/fuzz/corpus.
.PHONY: fuzz
fuzz: $(FUZZERS)
	@for f in $(FUZZERS); do name=$${f##*/fuzz_}; mkdir -p $(BUILD)/fuzz/corpus/$$name; \
	  echo "== $$name: $(FUZZ_SECONDS) s"; \
	  $$f -max_total_time=$(FUZZ_SECONDS) -artifact_prefix=$(BUILD)/fuzz/$$name- -print_final_stats=1 \
	    $(BUILD)/fuzz/corpus/$$name tests/fuzz/corpus/$$name 2>&1 | grep -E 'stat::number|ERROR|SUMMARY' || true; \
	done; ! ls $(BUILD)/fuzz/*-crash-* $(BUILD)/fuzz/*-timeout-* $(BUILD)/fuzz/*-oom-* 2>/dev/null

##   bench      measure rate, delays beside bad sensors, CPU, memory, wake-ups (TABLES="speed feed", IDLE=30)
BENCH := $(BUILD)/tests/bench/bench
BENCH_FLOOR := $(BUILD)/tests/bench/floor
TABLES ?= speed instructions delays feed memory idle

$(BENCH): $(patsubst %.c,$(BUILD)/obj/%.o,$(filter-out tests/bench/floor.c,$(wildcard tests/bench/*.c)))
$(BENCH_FLOOR): $(BUILD)/obj/tests/bench/floor.o
$(BENCH) $(BENCH_FLOOR):
	$(say) LINK $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

.PHONY: bench
bench: $(PROGRAM) $(CTL_PROGRAM) $(BENCH) $(BENCH_FLOOR)
	@MBUS_SLAVE="$(call absolute,$(PROGRAM))" MBUS_SLAVECTL="$(call absolute,$(CTL_PROGRAM))" FLOOR="$(call absolute,$(BENCH_FLOOR))" \
	  tests/bench/bench.sh $(BENCH) $(TABLES)

##   clean      remove $(BUILD)
.PHONY: clean
clean:
	$(say) RM $(BUILD)
	$(Q)rm -rf $(BUILD)

##
## Variables:
##   BUILD=build      where everything that is made goes     CC=gcc       or clang
##   V=1              show the commands                      WERROR=1     make warnings errors
##   SANITIZE=1       with ASan and UBSan                    PORT=10001   TCP port of make run
##   NO_SKIP=1        a skipped test fails the check         DESTDIR=     root of an install
##   CORPUS=          telegrams of real meters for the tests, beside the repository by default
##   prefix=/usr/local, bindir, sbindir, sharedir, mandir, sysconfdir=/etc   where make install puts things
##   CFLAGS, CPPFLAGS, LDFLAGS, LDLIBS                       in place of our defaults
.PHONY: help
help:
	@echo 'mbus-slave $(VERSION): make TARGET [VARIABLE=VALUE...]'
	@sed -n 's/^## \{0,1\}//p' Makefile

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
