package org.procmon.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LogOutputTest {
    private final LogCapture log = LogCapture.start();

    @AfterEach
    void restore() {
        log.close();
    }

    @Test
    void takesTheAreaFromThePackageOfALogger() {
        assertThat(EventLogger.area("org.procmon.output.log.LogFile")).isEqualTo("output");
        assertThat(EventLogger.area("org.quartz.core.QuartzScheduler")).isEqualTo("quartz");
        assertThat(EventLogger.area("org.eclipse.jetty.io.ManagedSelector")).isEqualTo("jetty");
        assertThat(EventLogger.area("process")).isEqualTo("process");
    }

    @Test
    void onlyWarningsOfLibrariesAreLogged() {
        EventLogger library = new EventLogger("org.eclipse.jetty.io.ManagedSelector");

        assertThat(library.isInfoEnabled()).isFalse();
        assertThat(library.isWarnEnabled()).isTrue();
        assertThat(new EventLogger("process").isInfoEnabled()).isTrue();
    }

    @Test
    void isWhatSlf4jWritesTo() {
        Logger logger = LoggerFactory.getLogger("process");
        logger.atWarn()
                .addKeyValue("process", "web")
                .addKeyValue("code", 1)
                .log("{process} exited");
        logger.info("as {} do", "libraries");
        logger.debug("not seen");
        assertThat(log.lines().getFirst()).endsWith("Z WARN process: web exited code=1");
        assertThat(log.lines().getLast()).endsWith("Z INFO process: as libraries do");
    }

    @Test
    void foldsOnlyUnlessItIsVerbose() {
        for (boolean verbose : List.of(true, false)) {
            LogOutput.configure(LogFormat.TEXT, verbose, Map.of());
            Logger logger = LoggerFactory.getLogger("process");
            for (int i = 0; i < 20; i++) {
                logger.atWarn().addKeyValue("process", "p").addKeyValue("v", verbose).log("exited");
            }
        }
        LogOutput.endRepeats();
        assertThat(log.lines()).filteredOn(l -> l.endsWith(" v=true")).hasSize(20);
        assertThat(log.lines()).filteredOn(l -> l.endsWith(" v=false")).hasSize(5);
        assertThat(log.lines().getLast()).contains("v=false repeated=15 seconds=");
    }

    @Test
    void writesDebugLinesWhenVerbose() {
        LogOutput.configure(LogFormat.JSON, true, Map.of());
        LoggerFactory.getLogger("process").debug("seen");
        assertThat(log.text()).contains("\"level\":\"debug\"");
    }

    @Test
    void writesEachLineInOnePiece() {
        int[] writes = new int[1];
        System.setErr(
                new java.io.PrintStream(
                        new java.io.OutputStream() {
                            @Override
                            public void write(int b) {
                                writes[0]++;
                            }

                            @Override
                            public void write(byte[] bytes, int offset, int length) {
                                writes[0]++;
                            }
                        },
                        true));
        LoggerFactory.getLogger("process").atInfo().addKeyValue("key", "a b").log("event");
        assertThat(writes[0]).isOne();
    }

    @Test
    void survivesAStreamThatFails() {
        System.setErr(
                new java.io.PrintStream(
                        new java.io.OutputStream() {
                            @Override
                            public void write(int b) throws java.io.IOException {
                                throw new java.io.IOException("No space left on device");
                            }
                        },
                        true));
        LoggerFactory.getLogger("process").warn("lost");
        System.setErr(new java.io.PrintStream(java.io.OutputStream.nullOutputStream()));
    }
}
