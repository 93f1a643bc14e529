package org.procmon.supervise.port;

import java.util.Map;
import org.procmon.config.ConfigBundle;
import org.procmon.config.MonitorSpec;

/** A configuration for the monitors to follow: its meaning, and what the next monitor reads. */
public final class AcceptedConfig {
    private final MonitorSpec spec;
    private final byte[] encoded;
    private final Map<String, Integer> scale;

    /**
     * Encodes the bundle, which takes time for a large one: not for the loop's thread.
     *
     * @param spec the meaning of the bundle
     */
    public AcceptedConfig(MonitorSpec spec, ConfigBundle bundle) {
        this.spec = spec;
        this.encoded = bundle.encode();
        this.scale = bundle.scale();
    }

    public MonitorSpec spec() {
        return spec;
    }

    /** The bundle as {@link ConfigBundle#decode} reads it; not to be changed. */
    public byte[] encoded() {
        return encoded;
    }

    /** The numbers of instances, by name, that operators have set. */
    public Map<String, Integer> scale() {
        return scale;
    }
}
