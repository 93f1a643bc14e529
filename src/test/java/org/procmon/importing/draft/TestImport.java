package org.procmon.importing.draft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.procmon.config.ProcessSpec;
import org.procmon.config.SpecResult;
import org.procmon.config.reader.SpecReader;
import org.procmon.importing.Importer;
import org.procmon.importing.SourceFormat;

/** Files to import, in a folder of the test's, and what becomes of them. */
public record TestImport(Path folder) {
    static final Map<String, String> ENVIRONMENT =
            Map.of("HOME", "/home/ada", "STAGE", "live", "PATH", "/bin");

    /** What was imported: its text, the processes that it means, and the notes. */
    public record Outcome(String text, List<ProcessSpec> processes, List<String> notes) {
        public ProcessSpec process(String id) {
            return processes.stream().filter(p -> p.id().equals(id)).findFirst().orElseThrow();
        }
    }

    public Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    /** Imports what must be good. */
    public Outcome done(SourceFormat format, Path... files) {
        ImportResult result = read(format, files);
        assertThat(result).isInstanceOf(ImportResult.Imported.class);
        ImportResult.Imported imported = (ImportResult.Imported) result;
        SpecResult spec = spec(imported.text());
        assertThat(spec).as(imported.text()).isInstanceOf(SpecResult.Valid.class);
        List<String> notes = new ArrayList<>();
        for (String note : imported.notes()) {
            notes.add(note.replace(folder + "/", ""));
        }
        return new Outcome(imported.text(), ((SpecResult.Valid) spec).spec().processes(), notes);
    }

    /** Reads a configuration as a monitor does. */
    public SpecResult spec(String text) {
        return SpecReader.read(
                folder.resolve("procmon.json"), text.getBytes(StandardCharsets.UTF_8), ENVIRONMENT);
    }

    /** Imports what cannot be understood: the file's name, the line and the reason. */
    public String refused(SourceFormat format, Path... files) {
        ImportResult result = read(format, files);
        assertThat(result).isInstanceOf(ImportResult.Refused.class);
        ImportResult.Refused refused = (ImportResult.Refused) result;
        return folder.relativize(refused.file()) + ":" + refused.line() + ": " + refused.reason();
    }

    public static ImportResult read(SourceFormat format, Path... files) {
        return Importer.read(format, List.of(files), ENVIRONMENT);
    }
}
