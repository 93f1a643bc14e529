package org.procmon.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A product that was copied as people copy folders. */
@Timeout(60)
class CopyIT {
    @TempDir Path folder = Path.of("");

    @Test
    void aCopyWithoutFileTimesRunsWithoutCacheSilently() throws Exception {
        Path product = Path.of(TestProduct.procmon()).resolveSibling("..");
        Outcome copied =
                TestProduct.run(
                        new ProcessBuilder("cp", "-r", product + "/.", folder.resolve("c") + "/"));
        assertThat(copied).isEqualTo(new Outcome(0, "", ""));

        Outcome there = TestProduct.run(new ProcessBuilder(TestProduct.procmon(), "--help"));
        Outcome copy = TestProduct.run(new ProcessBuilder(folder + "/c/bin/procmon", "--help"));

        assertThat(there.code()).isZero();
        assertThat(copy).isEqualTo(there);
    }
}
