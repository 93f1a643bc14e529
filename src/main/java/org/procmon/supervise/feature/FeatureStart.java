package org.procmon.supervise.feature;

import org.procmon.config.MonitorSpec;
import org.procmon.supervise.port.Supervisor;

/**
 * What a feature starts with.
 *
 * @param spec the configuration
 * @param supervisor the loop
 * @param continues whether this monitor continues where another one was interrupted
 */
public record FeatureStart(MonitorSpec spec, Supervisor supervisor, boolean continues) {}
