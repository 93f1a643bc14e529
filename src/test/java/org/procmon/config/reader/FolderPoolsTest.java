package org.procmon.config.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.ConfigBundle;
import org.procmon.config.MonitorSpec;
import org.procmon.config.OutputSpec;
import org.procmon.config.PoolSpec;
import org.procmon.config.Problem;
import org.procmon.config.ProcessSpec;
import org.procmon.config.SpecResult;
import org.procmon.config.folder.FolderScan;
import org.procmon.config.folder.UnusedEntry;
import org.procmon.config.pool.PoolAddress;
import org.procmon.config.pool.PoolMode;
import org.procmon.config.pool.WorkerShare;

/** Pools that are made of what is in a folder. */
class FolderPoolsTest {
    private static final int STRANGER = 1234;

    @TempDir Path temporary;
    private Path folder;
    private Path file;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(temporary.toRealPath().resolve("apps"));
        file = temporary.resolve("procmon.json");
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private Path program(String name) throws IOException {
        Path program = folder.resolve(name);
        Files.createDirectories(program.getParent());
        Files.writeString(program, "#!/bin/sh\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return program;
    }

    private Path strangers(String name) throws IOException {
        Path program = program(name);
        Files.setAttribute(program, "unix:uid", STRANGER);
        return program;
    }

    private SpecResult read(String json) throws IOException {
        Files.writeString(file, json.replace("FOLDER", folder.toString()).replace('\'', '"'));
        return SpecReader.read(file);
    }

    private MonitorSpec valid(String json) throws IOException {
        return valid(read(json));
    }

    private static MonitorSpec valid(SpecResult result) {
        assertThat(result).isInstanceOf(SpecResult.Valid.class);
        return ((SpecResult.Valid) result).spec();
    }

    private List<String> problems(String json) throws IOException {
        return read(json) instanceof SpecResult.Invalid(List<Problem> problems)
                ? problems.stream().map(Problem::message).toList()
                : List.of();
    }

    private static List<String> ids(MonitorSpec spec) {
        return spec.pools().stream().map(PoolSpec::id).toList();
    }

    @Test
    void eachExecutableIsAPoolOnDemandWithASocketBesideIt() throws IOException {
        Path app = program("shop/a.fcgi");
        MonitorSpec spec = valid("{'dropins': [{'directory': 'FOLDER', 'user': 'nobody'}]}");
        assertThat(ids(spec)).containsExactly("apps:shop:a.fcgi");
        PoolSpec pool = spec.pools().getFirst();
        assertThat(pool.mode()).isEqualTo(PoolMode.ON_DEMAND);
        assertThat(pool.template().exec().argv()).containsExactly(app.toString());
        assertThat(pool.listen().address())
                .isInstanceOfSatisfying(
                        PoolAddress.UnixPath.class,
                        unix -> assertThat(unix.path()).hasToString(app + ".sock"));
        assertThat(pool.template().cwd()).contains(app.getParent());
        assertThat(pool.template().identity().clearEnv()).isTrue();
        assertThat(pool.template().identity().envFiles().getFirst().path())
                .hasToString(app + ".env");
        assertThat(pool.template().exec().version()).isNotEmpty();
    }

    @Test
    void keysOfPoolsReplaceTheUsualOnesAndMayHaveWords() throws IOException {
        Path app = program("a b.fcgi");
        MonitorSpec spec =
                valid(
                        "{'dropins': [{'id': 'x', 'directory': 'FOLDER', 'user': 'nobody', 'exec':"
                                + " 'env -- $(path)', 'workers': 3, 'listen':"
                                + " 'unix:/run/$(name).s', 'env': {'D': '$(directory)'}}]}");
        PoolSpec pool = spec.pools().getFirst();
        assertThat(pool.id()).isEqualTo("x:a@20b.fcgi");
        assertThat(pool.template().exec().argv()).containsExactly("env", "--", app.toString());
        assertThat(pool.workers().max()).isEqualTo(3);
        assertThat(pool.template().env()).containsEntry("D", folder.toString());
    }

    @Test
    void workersOfAProgramOrASiteShareALogUnlessTheKeySaysOtherwise() throws IOException {
        program("a.fcgi");
        Files.createDirectory(folder.resolve("site"));
        String keys = "'directory': 'FOLDER', 'user': 'nobody'";
        String site = keys + ", 'exec': 'x', 'min_uid': 0, 'listen': '/run/$(name)'";
        for (String folders : List.of("'dropins': [{" + keys, "'sites': [{" + site)) {
            OutputSpec.Captured shared =
                    new OutputSpec.Captured(Optional.empty(), 10_000_000, 5, false).shared();
            assertThat(outputs(folders)).containsExactly(shared, shared);
            assertThat(outputs(folders + ", 'output': 'per-worker'"))
                    .containsExactly(OutputSpec.DEFAULT, OutputSpec.DEFAULT);
            assertThat(outputs(folders + ", 'stderr': 'stdout', 'stdout': {'keep': 9}"))
                    .containsExactly(
                            new OutputSpec.Captured(Optional.empty(), 10_000_000, 9, false)
                                    .shared(),
                            new OutputSpec.WithStdout());
        }
    }

    private List<OutputSpec> outputs(String folders) throws IOException {
        ProcessSpec worker = valid("{" + folders + "}]}").pools().getFirst().worker(2);
        return List.of(worker.stdout(), worker.stderr());
    }

    @Test
    void sitesGetNoVariablesOfTheMonitorUnlessTheKeySaysSo() throws IOException {
        Files.createDirectory(folder.resolve("site"));
        String site =
                "{'sites': [{'directory': 'FOLDER', 'user': 'nobody', 'exec': 'php-cgi', 'min_uid':"
                        + " 0, 'listen': '/run/$(name)'%s}]}";
        for (String keys : List.of("", ", 'clear_env': true", ", 'env_keep': ['LANG']")) {
            assertThat(clearsEnv(site.formatted(keys))).as(keys).isTrue();
        }
        assertThat(clearsEnv(site.formatted(", 'clear_env': false"))).isFalse();
    }

    private boolean clearsEnv(String json) throws IOException {
        return valid(json).pools().getFirst().template().identity().clearEnv();
    }

    @Test
    void programsOfRootNeedAUserAndOthersRunAsTheirOwners() throws IOException {
        assumeTrue(isRoot());
        program("root.fcgi");
        strangers("other.fcgi");
        MonitorSpec spec = valid("{'dropins': [{'directory': 'FOLDER'}]}");
        assertThat(ids(spec)).containsExactly("apps:other.fcgi");
        assertThat(spec.pools().getFirst().template().identity().user())
                .isEqualTo(Optional.of("" + STRANGER));
        assertThat(spec.unused())
                .singleElement()
                .isEqualTo(
                        new UnusedEntry(
                                folder + "/root.fcgi",
                                "its owner is root; say with 'user' as whom it runs",
                                "apps:root.fcgi"));
    }

    @Test
    void aProgramThatCannotBeAPoolIsLeftOutAlone() throws IOException {
        program("good.fcgi");
        program("l" + "o".repeat(100) + "ng.fcgi");
        program("n".repeat(150));
        program("x/1");
        program("x/1.1");
        MonitorSpec spec =
                valid(
                        "{'dropins': [{'directory': 'FOLDER', 'user': 'nobody', 'pattern': '*'},"
                                + " {'id': 'other', 'directory': 'FOLDER', 'user': 'nobody', 'listen':"
                                + " 'unix:/run/$(path)'}], 'processes': [{'id': 'apps:good.fcgi',"
                                + " 'exec': 'true'}]}");
        assertThat(ids(spec)).containsExactly("apps:x:1", "other:good.fcgi");
        assertThat(spec.unused().toString())
                .contains("another process has the name 'apps:good.fcgi'")
                .contains("another process has the name 'apps:x:1.1'")
                .contains("is too long for a pool")
                .contains("bytes");
    }

    @Test
    void programsOfEqualNamesCannotHaveOneSocket() throws IOException {
        program("a/x.fcgi");
        program("b/x.fcgi");
        MonitorSpec spec =
                valid(
                        "{'dropins': [{'directory': 'FOLDER', 'user': 'nobody', 'listen':"
                                + " 'unix:/run/$(name).s'}]}");
        assertThat(ids(spec)).containsExactly("apps:a:x.fcgi");
        assertThat(spec.unused())
                .singleElement()
                .asString()
                .contains("/b/x.fcgi, reason='apps:b:x.fcgi' listens where 'apps:a:x.fcgi'");
    }

    @Test
    void aFolderIsGivenOnce() throws IOException {
        String more = "', 'user': 'nobody'}";
        assertThat(
                        problems(
                                "{'dropins': [{'directory': 'FOLDER'}, {'directory':\n 'FOLDER/"
                                        + more
                                        + "]}"))
                .containsExactly(
                        "the folder "
                                + folder
                                + " with the pattern '*.fcgi' is given twice in 'dropins', first in"
                                + " line 1");
        String sites = "{'directory': 'FOLDER', 'exec': 'x', 'listen': '/run/$(name)'}";
        assertThat(problems("{'sites': [" + sites + ", " + sites + "]}"))
                .singleElement()
                .asString()
                .contains("is given twice in 'sites'");
        valid(
                "{'dropins': [{'directory': 'FOLDER"
                        + more
                        + ", {'pattern': '*.cgi', 'directory': 'FOLDER"
                        + more
                        + "], 'sites': ["
                        + sites
                        + "]}");
    }

    @Test
    void aNameThatLooksLikeAWordOfTheConfigurationIsRefused() throws IOException {
        for (String name : List.of("$(name).fcgi", "$(worker).fcgi", "$(1+worker0).fcgi")) {
            Path app = program(name);
            MonitorSpec spec = valid("{'dropins': [{'directory': 'FOLDER', 'user': 'nobody'}]}");
            assertThat(ids(spec)).as(name).isEmpty();
            assertThat(spec.unused())
                    .singleElement()
                    .isEqualTo(
                            new UnusedEntry(
                                    app.toString(),
                                    "its path has '$(' in it, which only a configuration may have;"
                                            + " rename it",
                                    EntryName.of("apps", name)));
            Files.delete(app);
        }
    }

    @Test
    void whatIsWrongWithTheEntryItselfIsAProblemOfTheFile() throws IOException {
        assertThat(problems("{'dropins': [{}]}"))
                .containsExactly("drop-in folder has no 'directory'");
        assertThat(problems("{'dropins': [{'directory': 'FOLDER', 'workerz': 1}]}"))
                .singleElement()
                .asString()
                .startsWith("unknown key 'workerz'");
        assertThat(problems("{'dropins': [{'directory': 'FOLDER', 'listen': '/run/x'}]}"))
                .containsExactly("'listen' is the same for all: it needs $(path)");
        assertThat(problems("{'dropins': [{'directory': 'FOLDER', 'pattern': '['}]}"))
                .containsExactly(
                        "'pattern' must be a glob of file names such as \"*.fcgi\", found \"[\"");
        assertThat(problems("{'sites': [{'directory': 'FOLDER', 'listen': '/run/$(name)'}]}"))
                .containsExactly("pool has no 'exec'");
        assertThat(problems("{'dropins': 1}"))
                .containsExactly("'dropins' must be an array, found a number");
    }

    @Test
    void eachSubfolderIsASiteOfItsOwner() throws IOException {
        assumeTrue(isRoot());
        Files.createDirectory(folder.resolve("root"));
        Path alice = Files.createDirectory(folder.resolve("alice"));
        Files.setAttribute(alice, "unix:uid", STRANGER);
        MonitorSpec spec =
                valid(
                        "{'sites': [{'directory': 'FOLDER', 'exec': 'php-cgi', 'listen':"
                                + " 'unix://660@/run/$(name).sock', 'socket_group': 'www-data', 'max_workers_per_user': 7}]}");
        assertThat(ids(spec)).containsExactly("apps:alice");
        PoolSpec pool = spec.pools().getFirst();
        assertThat(pool.template().identity().user()).isEqualTo(Optional.of("" + STRANGER));
        assertThat(pool.template().cwd()).contains(alice);
        assertThat(pool.listen().group()).contains("www-data");
        assertThat(pool.workers().share())
                .contains(new WorkerShare("max_workers_per_user of " + STRANGER, 7));
        assertThat(spec.unused())
                .singleElement()
                .asString()
                .contains("the uid of its owner root is 0, below 'min_uid' 100");
    }

    @Test
    void anEntryMayTakeTheGroupOfTheOwner() throws IOException {
        assumeTrue(isRoot());
        Files.setAttribute(strangers("a.fcgi"), "unix:gid", STRANGER);
        MonitorSpec spec =
                valid(
                        "{'dropins': [{'directory': 'FOLDER', 'group': '$(group)', 'listen_group':"
                                + " '$(group)'}]}");
        PoolSpec pool = spec.pools().getFirst();
        assertThat(pool.template().identity().group()).isEqualTo(Optional.of("" + STRANGER));
        assertThat(pool.listen().group()).contains("" + STRANGER);
    }

    @Test
    void aKeptConfigurationReadsTheSameWhateverHappensToTheFolder() throws IOException {
        Path app = program("a.fcgi");
        SpecResult first = read("{'dropins': [{'directory': 'FOLDER', 'user': 'nobody'}]}");
        byte[] kept = ((SpecResult.Valid) first).bundle().encode();
        Files.delete(app);
        program("b.fcgi");
        ConfigBundle bundle = ConfigBundle.decode(kept);
        assertThat(valid(SpecReader.read(bundle, file, Map.of()))).isEqualTo(valid(first));
        MonitorSpec followed = valid(SpecReader.follow(bundle, file, Map.of(), FolderScan.UNKNOWN));
        assertThat(ids(followed)).containsExactly("apps:b.fcgi");
    }

    @Test
    void aProgramThatIsBeingWrittenIsLeftOutOrStaysAsItWas() throws IOException {
        Path app = program("a.fcgi");
        SpecResult first = read("{'dropins': [{'directory': 'FOLDER', 'user': 'nobody'}]}");
        Files.writeString(app, "half");
        program("b.fcgi");
        ConfigBundle bundle = ((SpecResult.Valid) first).bundle();
        MonitorSpec followed = valid(SpecReader.follow(bundle, file, Map.of(), _ -> true));
        assertThat(followed.pools()).isEqualTo(valid(first).pools());
        assertThat(followed.unused().toString()).contains("b.fcgi, reason=it is still being");
    }

    @Test
    void followingReadsNothingElse() throws IOException {
        program("a.fcgi");
        SpecResult first = read("{'dropins': [{'directory': 'FOLDER', 'user': 'nobody'}]}");
        Files.writeString(file, "unfinished");
        ConfigBundle bundle = ((SpecResult.Valid) first).bundle();
        assertThat(valid(SpecReader.follow(bundle, file, Map.of(), FolderScan.UNKNOWN)))
                .isEqualTo(valid(first));
    }

    @Test
    void aBadFileAmongThoseThatAreFollowedStaysAsItWas() throws IOException {
        Files.writeString(folder.resolve("a.json"), "{\"id\": \"$(filename)\", \"exec\": \"one\"}");
        SpecResult first = read("{'include': [{'path': 'FOLDER/*.json', 'follow': true}]}");
        Files.writeString(folder.resolve("a.json"), "{\"id\": \"a\", \"exec\": \"two\"");
        Files.writeString(folder.resolve("b.json"), "{\"id\": \"b\", \"exec\": 1}");
        Files.writeString(folder.resolve("c.json"), "{\"id\": \"c\", \"exec\": \"three\"}");
        ConfigBundle bundle = ((SpecResult.Valid) first).bundle();
        MonitorSpec followed = valid(SpecReader.follow(bundle, file, Map.of(), FolderScan.UNKNOWN));
        assertThat(followed.processes().stream().map(p -> p.id() + "=" + p.exec().text()))
                .containsExactly("a=one", "c=three");
        assertThat(followed.unused()).hasSize(2);
        assertThat(followed.unused().toString())
                .contains("b.json:1:")
                .contains("'exec' must be a string or an array of strings, found a number");
        assertThat(valid(SpecReader.start(file, Map.of(), FolderScan.UNKNOWN)).processes())
                .singleElement()
                .satisfies(process -> assertThat(process.id()).isEqualTo("c"));
        assertThat(SpecReader.read(file)).isInstanceOf(SpecResult.Invalid.class);
        Files.delete(folder.resolve("a.json"));
        assertThat(valid(SpecReader.follow(bundle, file, Map.of(), FolderScan.UNKNOWN)).processes())
                .hasSize(1);
    }

    @Test
    void aFollowedFileThatCannotBeReadOrHasTheNameOfAnotherIsLeftOut() throws IOException {
        Files.createSymbolicLink(folder.resolve("a.json"), folder.resolve("none"));
        Files.writeString(folder.resolve("b.json"), "{\"id\": \"b\", \"exec\": \"one\"}");
        Files.writeString(folder.resolve("c.json"), "{\"id\": \"b\", \"exec\": \"two\"}");
        for (String pool : List.of("d", "e", "b.2")) {
            Files.writeString(
                    folder.resolve(pool + ".json"),
                    "{\"id\": \"%s\", \"exec\": \"x\", \"listen\": \"@x\"}".formatted(pool));
        }
        String json = "{'include': [{'path': 'FOLDER/*.json', 'follow': true}]}";
        assertThat(problems(json).toString())
                .contains("/a.json: cannot read the file: there is no such file")
                .contains("id 'b' was already given in");
        MonitorSpec spec = valid(SpecReader.start(file, Map.of(), FolderScan.UNKNOWN));
        assertThat(spec.processes()).singleElement().extracting(ProcessSpec::id).isEqualTo("b");
        assertThat(ids(spec)).containsExactly("b.2");
        assertThat(spec.unused().stream().map(UnusedEntry::path))
                .containsExactly(
                        folder + "/a.json",
                        folder + "/c.json",
                        folder + "/d.json",
                        folder + "/e.json");
        assertThat(spec.followed().getFirst().targets()).containsExactly(folder.resolve("none"));
    }

    @Test
    void aFolderIntoWhichEveryoneCanWriteIsNotFollowed() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(problems("{'include': [{'path': 'FOLDER/*.json', 'follow': true}]}"))
                .singleElement()
                .asString()
                .endsWith("everyone can write into it");
    }

    @Test
    void onlyAPatternCanBeFollowed() throws IOException {
        assertThat(problems("{'include': [{'path': 'FOLDER/a.json', 'follow': true}]}"))
                .containsExactly("'follow' needs a pattern of file names, as in \"conf.d/*.json\"");
    }
}
