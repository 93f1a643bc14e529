package org.procmon.launch.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.procmon.launch.plan.Identities.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procmon.config.Capability;
import org.procmon.config.EnvFile;
import org.procmon.config.Limit;
import org.procmon.config.ProcessSpec;
import org.procmon.config.SpecBuilder;
import org.procmon.posix.CurrentProcess;
import org.procmon.posix.Environment;
import org.procmon.posix.MountTable.Mount;
import org.procmon.posix.ResourceLimit;

/** What a start is made of, under several kinds of monitors; nothing is started. */
class LaunchPlannerTest {
    private static final Map<String, String> OWN = Map.of("PROCMON_ID", "web", "PROCMON_RUN", "1");
    private static final long ALL = -1;
    private static final OwnPrivileges ROOT = rights(0, ALL);
    private static final OwnPrivileges USER = rights(12345, 0);

    @TempDir Path folder = Path.of("");

    private List<Mount> mounts = List.of();
    private OwnPrivileges ownPrivileges = ROOT;
    private Map<String, String> variables = Map.of("PATH", "/usr/bin:/bin", "PWD", "/");

    private static OwnPrivileges rights(int uid, long capabilities) {
        return new OwnPrivileges(uid, uid, capabilities, 0, r -> r == 13 ? 0 : 1000, _ -> 2000);
    }

    private LaunchPlan guise(SpecBuilder spec, Identities identity) throws LaunchRefused {
        Supplier<OwnPrivileges> now = () -> ownPrivileges;
        ChainTools chainTools = new ChainTools(Path.of("/"), ChainTools.FOLDERS);
        ProcessSpec made = spec.identity(identity.made()).build();
        return new LaunchPlanner(
                        variables,
                        Environment.of(variables),
                        now,
                        chainTools,
                        new RemoteFilesystems(() -> mounts, "/usr/bin:/bin"))
                .of(made, OWN);
    }

    private LaunchPlan guise(Identities identity) throws LaunchRefused {
        return guise(SpecBuilder.process("web"), identity);
    }

    private void refused(Identities identity, String reason) {
        assertThatThrownBy(() -> guise(identity))
                .isInstanceOf(LaunchRefused.class)
                .hasMessage(reason);
    }

    @Test
    void namesAMissingUserOrGroup() {
        refused(
                identity().user("no-such-user"),
                "cannot run as user 'no-such-user': there is no such user");
        refused(
                identity().group("no-such-group"),
                "cannot run with group 'no-such-group': there is no such group");
        refused(
                identity().groups("root", "no-such-group"),
                "cannot run with group 'no-such-group': there is no such group");
        refused(
                identity().user("54321"),
                "cannot run as user '54321': it has no account, so it needs the key 'group'");
        refused(
                identity().chroot(folder.resolve("none")),
                "cannot change the root to '" + folder + "/none': there is no such folder");
    }

    @Test
    void aMonitorThatIsNotRootSaysSo() {
        ownPrivileges = USER;
        refused(identity().user("nobody"), "cannot run as user 'nobody': the monitor is not root");
        refused(identity().group("0"), "cannot run with group '0': the monitor is not root");
        refused(identity().groups(), "cannot set the groups: the monitor is not root");
        refused(
                identity().chroot(folder),
                "cannot change the root to '" + folder + "': the monitor is not root");
        refused(identity().nice(-1), "cannot set the niceness to -1: the monitor is not root");
        refused(
                identity().capabilities(),
                "cannot restrict the capabilities: the monitor is not root");
        refused(
                identity().limit(Limit.Resource.NOFILE, 10, 2001),
                "cannot set limit 'nofile' to 2001: the monitor's own hard limit is 2000, and the"
                        + " monitor is not root");
    }

    @Test
    void reportsPrivilegesThatRootLacks() {
        ownPrivileges = rights(0, ALL & ~Capability.SYS_RESOURCE.bit() & ~Capability.BPF.bit());
        refused(
                identity().limit(Limit.Resource.CORE, 10, Limit.UNLIMITED),
                "cannot set limit 'core' to unlimited: the monitor's own hard limit is 2000, and"
                        + " the monitor lacks CAP_SYS_RESOURCE");
        refused(
                identity().capabilities(Capability.KILL, Capability.BPF),
                "cannot keep capability 'bpf': the monitor lacks CAP_BPF");
        ownPrivileges = rights(0, 0);
        refused(
                identity().user("nobody"),
                "cannot run as user 'nobody': the monitor lacks CAP_SETUID");
    }

    @Test
    void noMoreDescriptorsThanTheKernelAllows() throws IOException {
        long most = Long.parseLong(Files.readAllLines(Path.of("/proc/sys/fs/nr_open")).getFirst());
        refused(
                identity().limit(Limit.Resource.NOFILE, 10, most + 1),
                "cannot set limit 'nofile' to "
                        + (most + 1)
                        + ": the kernel allows "
                        + most
                        + " (sysctl fs.nr_open)");
    }

    @Test
    void theMonitorsOwnUserNeedsNothing() throws Exception {
        ownPrivileges =
                new OwnPrivileges(CurrentProcess.uid(), CurrentProcess.gid(), 0, 0, _ -> 0, _ -> 0);
        String own = Integer.toUnsignedString(CurrentProcess.uid());

        LaunchPlan launchPlan =
                guise(identity().user(own).group(Integer.toUnsignedString(CurrentProcess.gid())));

        assertThat(launchPlan.argv()).containsExactly("sleep", "1");
        assertThat(launchPlan.owner()).isEmpty();
        assertThat(launchPlan.more()).containsKeys("HOME", "USER", "LOGNAME", "SHELL");
    }

    @Test
    void aUserIsPutInNumbersWithAllItsGroups() throws Exception {
        LaunchPlan launchPlan = guise(identity().user("nobody"));

        assertThat(launchPlan.argv())
                .containsExactly(
                        "/usr/bin/setpriv",
                        "--reuid=65534",
                        "--regid=65534",
                        "--groups=65534",
                        "--",
                        "/usr/bin/sleep",
                        "1");
        assertThat(launchPlan.owner()).hasValue(65534);
        assertThat(launchPlan.more())
                .containsAllEntriesOf(OWN)
                .containsEntry("HOME", "/nonexistent")
                .containsEntry("USER", "nobody")
                .containsEntry("LOGNAME", "nobody")
                .containsEntry("SHELL", "/usr/sbin/nologin");
        assertThat(guise(identity().user("nobody").group("4").groups("5", "root")).argv())
                .contains("--regid=4", "--groups=5,0");
        LaunchPlan number = guise(identity().user("54321").group("4"));
        assertThat(number.argv()).contains("--reuid=54321", "--regid=4", "--clear-groups");
        assertThat(number.more()).containsEntry("HOME", "/").containsEntry("USER", "54321");
    }

    @Test
    void aProcessorThatIsNotThereIsRefusedByItsNumber() {
        refused(
                identity().cpus("0,8000-8001"),
                "cannot run on the CPUs 0,8000-8001: this machine has no CPU 8000-8001, it has "
                        + ResourceLimit.onlineCpus().orElseThrow().strip());
    }

    @Test
    void theNicenessCountsFromTheMonitorsOwn() throws Exception {
        ownPrivileges = new OwnPrivileges(0, 0, ALL, 5, _ -> 0, _ -> 0);
        assertThat(guise(identity().nice(-5)).argv())
                .startsWith("/usr/bin/nice", "-n", "-10", "--");
        assertThat(guise(identity().nice(5)).argv()).containsExactly("sleep", "1");
        // A limit of niceness of 25 lets anyone have down to -5.
        ownPrivileges = new OwnPrivileges(12345, 12345, 0, 0, r -> r == 13 ? 25 : 0, _ -> 0);
        assertThat(guise(identity().nice(-5)).argv()).startsWith("/usr/bin/nice", "-n", "-5");
        refused(identity().nice(-6), "cannot set the niceness to -6: the monitor is not root");
    }

    @Test
    void envBeatsAFileWhichBeatsTheUserWhichBeatsTheMonitor() throws Exception {
        Path first = secret("first", "HOME=/first\nA=1\nB=1\nC=1\n");
        Path second = secret("second", "B=2\nC=2\n");
        SpecBuilder spec = SpecBuilder.process("web").env(Map.of("C", "3"));
        Path none = folder.resolve("none");

        LaunchPlan launchPlan =
                guise(
                        spec,
                        identity()
                                .user("nobody")
                                .envFiles(
                                        new EnvFile(first, false),
                                        new EnvFile(none, true),
                                        new EnvFile(second, true)));

        // What the launcher passes as a process's own holds its env.
        assertThat(launchPlan.more())
                .containsEntry("HOME", "/first")
                .containsEntry("USER", "nobody")
                .containsEntry("A", "1")
                .containsEntry("B", "2")
                .containsAllEntriesOf(OWN);
    }

    @Test
    void anOverridingFileBeatsEnvButNotTheMonitorsVariables() throws Exception {
        Path file = secret("over", "A=file\nB='two\nlines' ; no\nPROCMON_ID=x\n");
        Path many = Files.createDirectory(folder.resolve("many"));
        for (String name : List.of("2.env", "1.env", "3.txt")) {
            Path part = secret("many/" + name, "B=" + name + "\nC=" + name + " \\\n  more\n");
            Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rw-r--r--"));
        }
        EnvFile over = new EnvFile(file, false, true, true, true);
        EnvFile pattern = new EnvFile(many.resolve("*.env"), false, true, true, true);
        EnvFile nothing = new EnvFile(many.resolve("*.none"), true, true, true, true);
        SpecBuilder spec = SpecBuilder.process("web").env(Map.of("A", "env"));

        assertThat(guise(spec, identity().envFiles(over, pattern, nothing)).more())
                .containsEntry("A", "file")
                .containsEntry("B", "2.env")
                .containsEntry("C", "2.env   more")
                .containsAllEntriesOf(OWN);
        EnvFile missing = new EnvFile(many.resolve("*.none"), false, true, true, true);
        refused(
                identity().envFiles(missing),
                "cannot read env_file '" + missing.path() + "': No such file or directory");
    }

    @Test
    void keepsLoaderVariablesFromTheTools() throws Exception {
        Path file = secret("env", "LD_PRELOAD=/x.so\nBASH_ENV=y\nA=1\n");
        LaunchPlan launchPlan = guise(identity().user("nobody").envFiles(new EnvFile(file, false)));

        assertThat(launchPlan.more()).containsEntry("A", "1").doesNotContainKeys("LD_PRELOAD");
        assertThat(launchPlan.argv())
                .containsSubsequence("--", "/usr/bin/env", "/usr/bin/sleep", "1")
                .contains("LD_PRELOAD=/x.so", "BASH_ENV=y");
        LaunchPlan same = guise(identity().umask(022).envFiles(new EnvFile(file, false)));
        assertThat(same.more()).containsEntry("LD_PRELOAD", "/x.so");
    }

    @Test
    void checksTheProgramBeforeTheTools() throws IOException {
        Path plain = Files.createFile(folder.resolve("plain"));
        Map<String, String> reasons =
                Map.of(
                        "/no/such",
                        "cannot execute '/no/such': No such file or directory",
                        "no-such",
                        "cannot execute 'no-such': not found in PATH, which is /usr/bin:/bin",
                        plain.toString(),
                        "cannot execute '" + plain + "': Permission denied",
                        "/",
                        "cannot execute '/': Permission denied");
        for (Map.Entry<String, String> reason : reasons.entrySet()) {
            SpecBuilder spec = SpecBuilder.process("web").program(reason.getKey());
            assertThatThrownBy(() -> guise(spec, identity().umask(0)))
                    .isInstanceOf(LaunchRefused.class)
                    .hasMessage(reason.getValue());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "rw-r--r--, its mode 0644 lets everybody read it; do chmod 600",
        "rw-rw----, its mode 0660 lets its group change it; do chmod 600 ",
        "rw-----w-, its mode 0602 lets everybody change it; do chmod 600 ",
        "rw-------, '' ",
        "rw-r-----, '' "
    })
    void aFileThatOthersReadOrChangeIsRefused(String mode, String reason) throws Exception {
        Path file = secret("env", "SECRET=hunter2\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        Identities identity = identity().envFiles(new EnvFile(file, true));
        ownPrivileges = OwnPrivileges.own();

        if (reason.isBlank()) {
            assertThat(guise(identity).more()).containsEntry("SECRET", "hunter2");
        } else {
            assertThatThrownBy(() -> guise(identity))
                    .isInstanceOf(LaunchRefused.class)
                    .hasMessageStartingWith("cannot read env_file '" + file + "': " + reason)
                    .hasMessageContaining("chmod 600 " + file);
        }
    }

    @Test
    void namesABadFileWithoutItsContent() throws Exception {
        ownPrivileges = OwnPrivileges.own();
        Path none = folder.resolve("none");
        Path bad = secret("bad", "A=1\nhunter2\n");
        Path bytes = Files.write(folder.resolve("bytes"), new byte[] {'A', '=', (byte) 0xff});
        Path large = Files.write(folder.resolve("large"), new byte[(1 << 20) + 1]);
        for (Path file : new Path[] {bytes, large}) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        Map<Path, String> reasons =
                Map.of(
                        none,
                        "No such file or directory",
                        folder,
                        "it is no regular file",
                        Path.of("/dev/null"),
                        "it is no regular file",
                        bad,
                        "line 2 is no NAME=VALUE",
                        bytes,
                        "it is not UTF-8",
                        large,
                        "it is larger than 1 MiB");
        for (Map.Entry<Path, String> reason : reasons.entrySet()) {
            refused(
                    identity().envFiles(new EnvFile(reason.getKey(), false)),
                    "cannot read env_file '" + reason.getKey() + "': " + reason.getValue());
        }
    }

    @Test
    void aFileOfAnotherUsersIsRefused() throws Exception {
        AsRoot.expected();
        Path file = secret("env", "A=1\n");
        Files.setAttribute(file, "unix:uid", 65534);
        ownPrivileges = OwnPrivileges.own();
        refused(
                identity().envFiles(new EnvFile(file, false)),
                "cannot read env_file '"
                        + file
                        + "': it belongs to user 65534, who is neither root nor the monitor's own"
                        + " user");
    }

    private Path secret(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    @Test
    void onlyTheChildTouchesRemoteFiles() throws Exception {
        Path far = Files.createDirectory(folder.resolve("far"));
        mounts = List.of(new Mount("/", "ext4"), new Mount(far.toString(), "nfs4"));
        SpecBuilder inside = SpecBuilder.process("web").program("/bin/pwd", "a b").cwd(far);
        LaunchPlan launchPlan = guise(inside, identity());
        assertThat(launchPlan.cwd()).isEmpty();
        assertThat(launchPlan.argv())
                .containsExactly(
                        "/usr/bin/sh",
                        "-c",
                        "cd -- \"$1\" || exit; shift; exec \"$@\"",
                        "sh",
                        far.toString(),
                        "/bin/pwd",
                        "a b");
        // It need not be there, nor may it be looked for.
        LaunchPlan there =
                guise(SpecBuilder.process("web").program(far + "/x"), identity().nice(5));
        assertThat(there.argv())
                .endsWith("--", far + "/x")
                .contains("-n", "5")
                .startsWith("/usr/bin/sh");
    }
}
