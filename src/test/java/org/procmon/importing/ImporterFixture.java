package org.procmon.importing;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of one format share: a folder of their own, and imports of files in it. */
abstract class ImporterFixture {
    @TempDir Path folder = Path.of("");

    private final SourceFormat format;
    private final String name;

    /**
     * Tests of a format.
     *
     * @param name how a file is named that the test does not name
     */
    ImporterFixture(SourceFormat format, String name) {
        this.format = format;
        this.name = name;
    }

    Path write(String file, String text) throws IOException {
        return new Stand(folder).write(file, text);
    }

    /** Imports a file of this text, which must be good. */
    Stand.Outcome done(String text) throws IOException {
        return done(write(name, text));
    }

    Stand.Outcome done(Path... files) {
        return new Stand(folder).done(format, files);
    }

    /** Imports a file of this text, which cannot be understood. */
    String refused(String text) throws IOException {
        return refused(write(name, text));
    }

    String refused(Path... files) {
        return new Stand(folder).refused(format, files);
    }
}
