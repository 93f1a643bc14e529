package org.procmon.launch.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.Capability;
import org.procmon.config.CpuSet;
import org.procmon.config.Limit;

/** The exact command line for everything that can be asked for. */
class ExecChainTest {
    private static final String KEPT = "-all,+net_bind_service,+kill";

    @TempDir Path folder = Path.of("");

    private Optional<Path> root = Optional.empty();
    private ChainTools chainTools = new ChainTools(Path.of("/"), ChainTools.FOLDERS);
    private Wish wish = new Wish();

    /** A persona of which tests say what they want. */
    private static final class Wish {
        private OptionalInt umask = OptionalInt.empty();
        private boolean bareShell;
        private OptionalInt niceness = OptionalInt.empty();
        private Optional<CpuSet> cpus = Optional.empty();
        private List<Limit> limits = List.of();
        private Optional<Path> inside = Optional.empty();
        private OptionalInt uid = OptionalInt.empty();
        private OptionalInt gid = OptionalInt.empty();
        private Optional<List<Integer>> groups = Optional.empty();
        private boolean noNewPrivs;
        private Optional<List<Capability>> capabilities = Optional.empty();
        private Optional<String> input = Optional.empty();
        private boolean listenFds;
        private List<String> late = List.of();
    }

    @BeforeEach
    void makeTools() throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        for (ChainTool chainTool : ChainTool.values()) {
            Files.createFile(bin.resolve(chainTool.program()));
        }
        chainTools = new ChainTools(folder, List.of("/nowhere", "/bin"));
    }

    private List<String> chain() throws LaunchRefused {
        Credentials credentials =
                new Credentials(
                        wish.umask,
                        wish.bareShell,
                        wish.niceness,
                        wish.cpus,
                        wish.limits,
                        root,
                        wish.inside,
                        wish.uid,
                        wish.gid,
                        wish.groups,
                        wish.noNewPrivs,
                        wish.capabilities,
                        wish.input,
                        wish.listenFds,
                        wish.late);
        return ExecChain.of(credentials, chainTools, chainTools, List.of("prog", "-a", "b c"));
    }

    private void expect(String... tools) throws LaunchRefused {
        List<String> words = new ArrayList<>(List.of(tools));
        words.addAll(List.of("prog", "-a", "b c"));
        assertThat(chain()).isEqualTo(words);
    }

    @Test
    void usesNoToolWhenNoneIsNeeded() throws Exception {
        expect();
    }

    @Test
    void aListenerIsAnnouncedByAShellThatKnowsThePid() throws Exception {
        wish.listenFds = true;
        wish.late = List.of("LD_PRELOAD=x.so");
        expect(
                "/bin/sh",
                "-c",
                "exec 3<&0 || exit; export LISTEN_FDS=1 LISTEN_PID=$$; exec \"$@\"",
                "sh",
                "/bin/env",
                "LD_PRELOAD=x.so");
    }

    @Test
    void theUmaskIsSetByAShell() throws Exception {
        wish.umask = OptionalInt.of(027);
        expect("/bin/sh", "-c", "umask 027; exec \"$@\"", "sh");
        wish.umask = OptionalInt.of(0);
        wish.bareShell = true;
        expect("/bin/sh", "-c", "umask 00; unset PWD OLDPWD SHLVL; exec \"$@\"", "sh");
    }

    @Test
    void theNicenessIsAddedTo() throws Exception {
        wish.niceness = OptionalInt.of(-7);
        expect("/bin/nice", "-n", "-7", "--");
        wish = new Wish();
        wish.cpus = CpuSet.parse("0-3,8");
        expect("/bin/taskset", "-c", "0-3,8");
    }

    @Test
    void eachLimitIsSetBothSoftAndHard() throws Exception {
        wish.limits =
                List.of(
                        new Limit(Limit.Resource.NOFILE, 10, 20),
                        new Limit(Limit.Resource.CORE, 0, Limit.UNLIMITED));
        expect("/bin/prlimit", "--nofile=10:20", "--core=0:unlimited", "--");
    }

    @Test
    void userAndGroupsAreSetAtOnce() throws Exception {
        wish.uid = OptionalInt.of(33);
        wish.gid = OptionalInt.of(-3);
        wish.groups = Optional.of(List.of(33, 4));
        expect("/bin/setpriv", "--reuid=33", "--regid=4294967293", "--groups=33,4", "--");
        wish.groups = Optional.of(List.of());
        expect("/bin/setpriv", "--reuid=33", "--regid=4294967293", "--clear-groups", "--");
    }

    @Test
    void aFileAsInputIsOpenedOnceTheUserHasChanged() throws Exception {
        wish.uid = OptionalInt.of(33);
        wish.gid = OptionalInt.of(33);
        wish.groups = Optional.of(List.of());
        wish.input = Optional.of("/srv/in put");
        wish.late = List.of("ENV=x");
        expect(
                "/bin/setpriv",
                "--reuid=33",
                "--regid=33",
                "--clear-groups",
                "--",
                "/bin/sh",
                "-c",
                "exec <\"$1\" || exit; shift; exec \"$@\"",
                "sh",
                "/srv/in put",
                "/bin/env",
                "ENV=x");
    }

    @Test
    void aGroupAloneKeepsTheGroupsOfTheMonitor() throws Exception {
        wish.gid = OptionalInt.of(8);
        expect("/bin/setpriv", "--regid=8", "--keep-groups", "--");
    }

    @Test
    void groupsAloneAreSetAlone() throws Exception {
        wish.groups = Optional.of(List.of(4));
        expect("/bin/setpriv", "--groups=4", "--");
    }

    @Test
    void privilegesAreGivenUp() throws Exception {
        wish.noNewPrivs = true;
        expect("/bin/setpriv", "--no-new-privs", "--");
        wish.capabilities = Optional.of(List.of(Capability.NET_BIND_SERVICE, Capability.KILL));
        expect(
                "/bin/setpriv",
                "--no-new-privs",
                "--inh-caps=" + KEPT,
                "--ambient-caps=" + KEPT,
                "--bounding-set=" + KEPT,
                "--");
        wish.capabilities = Optional.of(List.of());
        wish.noNewPrivs = false;
        expect(
                "/bin/setpriv",
                "--inh-caps=-all",
                "--ambient-caps=-all",
                "--bounding-set=-all",
                "--");
    }

    @Test
    void theRootIsChangedTogetherWithTheUser() throws Exception {
        root = Optional.of(Path.of("/srv/jail"));
        expect("/bin/chroot", "--", "/srv/jail");
        wish.gid = OptionalInt.of(8);
        expect("/bin/chroot", "--userspec=:+8", "--", "/srv/jail");
        wish.uid = OptionalInt.of(33);
        wish.groups = Optional.of(List.of());
        expect("/bin/chroot", "--userspec=+33:+8", "--groups=", "--", "/srv/jail");
        wish.groups = Optional.of(List.of(8, 9));
        expect("/bin/chroot", "--userspec=+33:+8", "--groups=+8,+9", "--", "/srv/jail");
    }

    @Test
    void capabilitiesInAnotherRootAreSetFromWithinIt() throws Exception {
        root = Optional.of(Path.of("/srv/jail"));
        wish.uid = OptionalInt.of(33);
        wish.gid = OptionalInt.of(8);
        wish.groups = Optional.of(List.of());
        wish.noNewPrivs = true;
        wish.capabilities = Optional.of(List.of());
        expect(
                "/bin/chroot",
                "--",
                "/srv/jail",
                "/bin/setpriv",
                "--reuid=33",
                "--regid=8",
                "--clear-groups",
                "--no-new-privs",
                "--inh-caps=-all",
                "--ambient-caps=-all",
                "--bounding-set=-all",
                "--");
    }

    @Test
    void allTogetherComeInTheOrderInWhichEachIsStillAllowed() throws Exception {
        wish.umask = OptionalInt.of(077);
        wish.niceness = OptionalInt.of(5);
        wish.limits = List.of(new Limit(Limit.Resource.NPROC, 9, 9));
        root = Optional.of(Path.of("/srv/jail"));
        wish.inside = Optional.of(Path.of("/var/mail"));
        wish.uid = OptionalInt.of(33);
        wish.gid = OptionalInt.of(8);
        wish.groups = Optional.of(List.of(8));
        wish.noNewPrivs = true;
        wish.late = List.of("LD_PRELOAD=/lib/x.so");
        expect(
                "/bin/sh",
                "-c",
                "umask 077; exec \"$@\"",
                "sh",
                "/bin/nice",
                "-n",
                "5",
                "--",
                "/bin/prlimit",
                "--nproc=9:9",
                "--",
                "/bin/setpriv",
                "--no-new-privs",
                "--",
                "/bin/chroot",
                "--userspec=+33:+8",
                "--groups=+8",
                "--",
                "/srv/jail",
                "/bin/sh",
                "-c",
                "cd -- \"$1\" || exit; shift; exec \"$@\"",
                "sh",
                "/var/mail",
                "/bin/env",
                "LD_PRELOAD=/lib/x.so");
    }

    @Test
    void aMissingToolIsNamedWithItsPackage() throws Exception {
        chainTools = new ChainTools(folder, List.of("/nowhere"));
        wish.noNewPrivs = true;
        assertThatThrownBy(this::chain)
                .hasMessage(
                        "cannot find 'setpriv' in " + folder + ": the package util-linux has it");
        chainTools = new ChainTools(Path.of("/"), List.of("/nowhere"));
        wish.noNewPrivs = false;
        wish.niceness = OptionalInt.of(1);
        assertThatThrownBy(this::chain)
                .isInstanceOf(LaunchRefused.class)
                .hasMessage("cannot find 'nice': the package coreutils has it");
    }
}
