package org.procmon.importing.draft;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.procmon.importing.SourceFormat;

/** What the tests of one format share: a folder of their own, and imports of files in it. */
public abstract class ImporterFixture {
    public @TempDir Path folder = Path.of("");

    private final SourceFormat format;
    private final String name;

    /**
     * Tests of a format.
     *
     * @param name how a file is named that the test does not name
     */
    public ImporterFixture(SourceFormat format, String name) {
        this.format = format;
        this.name = name;
    }

    public Path write(String file, String text) throws IOException {
        return new TestImport(folder).write(file, text);
    }

    /** Imports a file of this text, which must be good. */
    public TestImport.Outcome done(String text) throws IOException {
        return done(write(name, text));
    }

    public TestImport.Outcome done(Path... files) {
        return new TestImport(folder).done(format, files);
    }

    /** Imports a file of this text, which cannot be understood. */
    public String refused(String text) throws IOException {
        return refused(write(name, text));
    }

    public String refused(Path... files) {
        return new TestImport(folder).refused(format, files);
    }
}
