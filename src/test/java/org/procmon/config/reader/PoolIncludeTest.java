package org.procmon.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.config.ConfigBundle;
import org.procmon.config.PoolSpec;
import org.procmon.config.Problem;
import org.procmon.config.SpecResult;
import org.procmon.config.pool.PoolAddress;
import org.procmon.config.pool.WorkerCounts;

/** Pools of several files, and pools that an operator has scaled. */
class PoolIncludeTest {
    @TempDir Path folder = Path.of("");

    @Test
    void includedFilesHavePoolsToo() throws IOException {
        write("d/a.json", "{'pools': [{'id': 'a', 'exec': 'a', 'listen': './a.sock'}]}");
        write("d/b.json", "{'id': 'b', 'exec': 'b', 'listen': '@b'}");
        write(
                "d/c.json",
                "{'defaults': {'verbose': true}, 'processes': [{'id': 'p', 'exec': 'p'}],"
                        + " 'pools': [{'id': 'c', 'exec': 'c', 'listen': '@c'}]}");
        List<PoolSpec> pools =
                pools(
                        read(
                                "{'include': 'd/*', 'defaults': {'restart_delay': 1},"
                                        + " 'pools': [{'id': 'm', 'exec': 'm', 'listen': '@m'}]}"));
        assertThat(pools).extracting(PoolSpec::id).containsExactly("m", "a", "b", "c");
        assertThat(pools)
                .allMatch(pool -> pool.template().restartDelay().toSeconds() == 1)
                .filteredOn(pool -> pool.template().verbose())
                .extracting(PoolSpec::id)
                .containsExactly("c");
        assertThat(pools.get(1).listen().address())
                .isEqualTo(new PoolAddress.UnixPath(folder.resolve("d/a.sock"), 0660));
    }

    @Test
    void aTemplateMakesAPoolUnderEachNameItIsLinkedTo() throws IOException {
        Path template =
                write(
                        "template",
                        "{'id': '$(filename)', 'exec': 'php-cgi', 'user': '$(user)',"
                                + " 'listen': 'unix://660@/run/$(filename).sock'}");
        Files.createDirectories(folder.resolve("d"));
        Files.createSymbolicLink(folder.resolve("d/shop.json"), template);
        Files.createSymbolicLink(folder.resolve("d/blog.json"), template);
        List<PoolSpec> pools = pools(read("{'include': 'd/*'}"));
        assertThat(pools).extracting(PoolSpec::id).containsExactly("blog", "shop");
        assertThat(pools)
                .extracting(pool -> pool.address(1))
                .containsExactly(
                        new PoolAddress.UnixPath(Path.of("/run/blog.sock"), 0660),
                        new PoolAddress.UnixPath(Path.of("/run/shop.sock"), 0660));
        assertThat(pools).allMatch(pool -> pool.template().identity().user().isPresent());
    }

    @Test
    void aClashNamesTheOtherFile() throws IOException {
        write("d/a.json", "{'pools': [{'id': 'a', 'exec': 'a', 'listen': ':9000'}]}");
        write("d/b.json", "{'id': 'a.2', 'exec': 'b', 'listen': '127.0.0.1:9000'}");
        String a = folder.resolve("d/a.json").toString();
        String b = folder.resolve("d/b.json").toString();
        assertThat(problems(read("{'include': 'd/*'}")))
                .containsExactly(
                        b
                                + ":1:8: id 'a.2' is the name of a worker of the pool 'a' in line 1 of "
                                + a,
                        b
                                + ":1:38: 'a.2' listens where 'a' in line 1 of "
                                + a
                                + " listens: port 9000");
    }

    @Test
    void defaultsWithAPoolsProblemAreReportedOnce() throws IOException {
        assertThat(
                        problems(
                                read(
                                        "{'defaults': {'umask': 9}, 'pools': ["
                                                + "{'id': 'a', 'exec': 'a', 'listen': '@a'},"
                                                + "{'id': 'b', 'exec': 'b', 'listen': '@b'}]}")))
                .hasSize(1);
    }

    @Test
    void aPoolHasAsManyWorkersAsAnOperatorAsksFor() {
        assertThat(scaled("'workers': {'min': 3, 'spare_max': 5}", 2))
                .isEqualTo(new WorkerCounts(2, 2, 1, 2));
        assertThat(scaled("'workers': 4", 12)).isEqualTo(new WorkerCounts(1, 12, 1, 12));
        assertThat(scaled("'mode': 'static'", 7)).isEqualTo(new WorkerCounts(7, 7, 0, 7));
    }

    private WorkerCounts scaled(String keys, int most) {
        return pools(reread(keys, most)).getFirst().workers();
    }

    @Test
    void aPoolCannotHaveMoreWorkersThanPortsOrNone() {
        String file = folder.resolve("main.json").toString();
        String ports = "'socket': 'per-worker', 'workers': 2, 'listen': ':$(65530+worker)'";
        assertThat(problems(reread(ports, 6)))
                .containsExactly(
                        file
                                + ":1:85: worker 6 of 'a' would have the port 65536; the highest is"
                                + " 65535");
        assertThat(pools(reread(ports, 5))).hasSize(1);
        for (int number : List.of(0, 1001)) {
            assertThat(problems(reread("'mode': 'dynamic'", number)))
                    .containsExactly(
                            file
                                    + ":1:19: a pool has from 1 to 1000 workers; stop it to have none");
        }
    }

    @Test
    void theSocketsOfAllPoolsAreLimited() {
        StringBuilder text = new StringBuilder("{'pools': [");
        for (int i = 1; i <= 102; i++) {
            text.append("{'id': 'p" + i + "', 'exec': 'x', 'socket': 'per-worker',");
            text.append(" 'workers': 1000, 'listen': '@p" + i + "-$(worker)'},\n");
        }
        assertThat(problems(read(text + "]}")))
                .containsExactly(
                        folder.resolve("main.json")
                                + ":101:80: all pools together have more than 100000 sockets");
    }

    /** Reads a pool again after an operator has scaled it. */
    private SpecResult reread(String keys, int workers) {
        String listen = keys.contains("listen") ? "" : ", 'listen': '@a'";
        SpecResult.Valid valid =
                (SpecResult.Valid)
                        read("{'pools': [{'id': 'a', 'exec': 'a'" + listen + ", " + keys + "}]}");
        ConfigBundle bundle = valid.bundle().scaled("a", workers);
        return SpecReader.read(bundle, folder.resolve("main.json"), Map.of());
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text.replace('\'', '"'));
    }

    private SpecResult read(String text) {
        byte[] bytes = text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return SpecReader.read(folder.resolve("main.json"), bytes, Map.of());
    }

    private static List<PoolSpec> pools(SpecResult result) {
        assertThat(result).isInstanceOf(SpecResult.Valid.class);
        return ((SpecResult.Valid) result).spec().pools();
    }

    private static List<String> problems(SpecResult result) {
        return ((SpecResult.Invalid) result).problems().stream().map(Problem::toString).toList();
    }
}
