package org.procmon.importing.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procmon.importing.Importer;
import org.procmon.importing.SourceFormat;
import org.procmon.importing.draft.ImportResult;

class JuliaFpmImporterTest {
    private static final String ON_FD_0 =
            "julia-fpm:1: -s: the worker must accept clients on descriptor 0, where it finds the"
                    + " socket; the monitor has opened it";

    private static ImportResult read(String... words) {
        return Importer.command(SourceFormat.JULIA_FPM, List.of(words), Map.of("N", "3"));
    }

    private static ImportResult.Imported imported(String... words) {
        ImportResult result = read(words);
        assertThat(result).isInstanceOf(ImportResult.Imported.class);
        return (ImportResult.Imported) result;
    }

    @Test
    void theWorkersAreAStaticPool() {
        String command = "julia-fpm -l 0.0.0.0:4646 -b 100 -w $N -v -s '/srv/my app.jl' a 'b c'";
        ImportResult.Imported imported = imported(command);
        assertThat(imported.text())
                .isEqualTo(
                        """
                        // Imported from the command: COMMAND
                        {
                          "pools": [
                            {
                              "id": "my-app",
                              "exec": ["julia", "/srv/my app.jl", "a", "b c"],
                              "listen": "0.0.0.0:4646",
                              "backlog": 100,
                              "mode": "static",
                              "workers": 3
                            }
                          ]
                        }
                        """
                                .replace("COMMAND", command));
        assertThat(imported.notes())
                .containsExactly(
                        "julia-fpm:1: $N: the value that it has now is written",
                        "julia-fpm:1: -s: 'my app' is not valid as a name here; it is now"
                                + " 'my-app'",
                        "julia-fpm:1: -v: no equivalent: 'procmon run -v' logs more",
                        ON_FD_0);
    }

    @Test
    void theScriptAloneIsEnough() {
        ImportResult.Imported imported = imported("worker.jl");
        assertThat(imported.text())
                .contains(
                        "\"id\": \"worker\"",
                        "\"exec\": \"julia worker.jl\"",
                        "\"listen\": \"127.0.0.1:4545\"",
                        "\"workers\": 1",
                        "\"cwd\": \"" + Path.of("").toAbsolutePath() + "\"");
        assertThat(imported.notes()).containsExactly(ON_FD_0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ":4646|:4646",
                "4646|127.0.0.1:4646",
                "web.example.org|web.example.org:4545",
                "[::1]:4646|[::1]:4646",
                "10.0.0.1:|10.0.0.1:4545",
            })
    void anAddressMayLackAPart(String written, String address) {
        assertThat(imported("-l", written, "-s/x.jl").text())
                .contains("\"listen\": \"" + address + "\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-w 4|there is no script of the workers: -s SCRIPT",
                "-w 0 x.jl|-w must be a number from 1 to 1000, found '0'",
                "-b many x.jl|-b must be a number from 1 to 999999999, found 'many'",
                "-l :x x.jl|-l: cannot listen at ':x': the port in 'listen' must be a number from 1"
                        + " to 65535, found \"x\"",
                "-w|the option -w has no value",
                "-q x.jl|there is no option '-q'",
                "-h|with -h nothing is started",
            })
    void aBadCommandIsRefusedWithTheReason(String command, String reason) {
        ImportResult result = read(command);
        assertThat(result).isEqualTo(new ImportResult.Refused(Path.of("julia-fpm"), 1, reason));
    }
}
