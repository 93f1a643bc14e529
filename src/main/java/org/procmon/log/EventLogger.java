package org.procmon.log;

import java.io.Serial;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.spi.LoggingEventAware;

/** The logger of an area. Any thread. */
final class EventLogger extends LegacyAbstractLogger implements LoggingEventAware {
    @Serial private static final long serialVersionUID = 1;

    private static final String OWN_PACKAGES = "org.procmon.";

    private static final String JETTY_HTTP = "org.eclipse.jetty.http.";
    private static final String ECLIPSE = "org.eclipse.";

    private final String area;

    /** Of a library, whose progress is of no interest to users. */
    private final boolean isForeign;

    /** Its warnings tell what clients have sent: as many as they like. */
    private final boolean isAboutClients;

    /**
     * @param name an area, or the name of a class, whose area is its package
     */
    EventLogger(String name) {
        this.name = name;
        this.area = area(name);
        this.isAboutClients = name.startsWith(JETTY_HTTP);
        this.isForeign = name.indexOf('.') >= 0 && !name.startsWith(OWN_PACKAGES);
    }

    /**
     * Of {@code org.procmon.output.log.LogFile} it is {@code output}, of Quartz {@code quartz}, of
     * Jetty {@code jetty}.
     */
    static String area(String name) {
        String[] parts = name.split("\\.", -1);
        int at = name.startsWith(OWN_PACKAGES) || name.startsWith(ECLIPSE) ? 2 : 1;
        return parts.length > at ? parts[at] : name;
    }

    @Override
    public void log(LoggingEvent event) {
        LogOutput.write(LogLine.of(area, event, System.currentTimeMillis()));
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            @Nullable String message,
            Object @Nullable [] arguments,
            @Nullable Throwable failure) {
        LogOutput.write(
                new LogLine(
                        System.currentTimeMillis(),
                        level,
                        area,
                        LogLine.words(message, arguments),
                        List.of(),
                        failure));
    }

    @Override
    public boolean isTraceEnabled() {
        return !isForeign && LogOutput.isEnabled(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return !isForeign && LogOutput.isEnabled(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return !isForeign && LogOutput.isEnabled(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return !isAboutClients && LogOutput.isEnabled(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return LogOutput.isEnabled(Level.ERROR);
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }
}
