package org.procmon.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.procmon.config.Problem;
import org.procmon.config.SpecResult;

/** Each bad file beside the exact problems that it must give. */
class BadFilesTest {
    static List<Path> badFiles() throws IOException {
        return Fixtures.files(Fixtures.BAD);
    }

    @ParameterizedTest
    @MethodSource("badFiles")
    void aBadFileGivesExactlyItsProblems(Path file) throws IOException {
        StringBuilder told = new StringBuilder();
        for (Problem problem : ((SpecResult.Invalid) Fixtures.read(file)).problems()) {
            told.append(problem).append('\n');
        }
        String problems = file.getFileName().toString().replace(".json", ".problems");
        assertThat(told).hasToString(Files.readString(file.resolveSibling(problems)));
    }
}
