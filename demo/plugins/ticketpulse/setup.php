<?php

/**
 * Ticket pulse: how many tickets are open, and how many are late.
 *
 * License: MIT OR Apache-2.0, as the rest of the repository that it comes from.
 */

define('PLUGIN_TICKETPULSE_VERSION', '1.0.0');
// This one is in, the other one is not.
define('PLUGIN_TICKETPULSE_MIN_GLPI', '10.0.0');
define('PLUGIN_TICKETPULSE_MAX_GLPI', '11.1.0');

function plugin_init_ticketpulse(): void
{
    global $PLUGIN_HOOKS;

    // GLPI 10 asks for it; GLPI 11 takes it for granted.
    $PLUGIN_HOOKS['csrf_compliant']['ticketpulse'] = true;
    if (!Plugin::isPluginActive('ticketpulse')) {
        return;
    }
    Plugin::registerClass('PluginTicketpulsePulse', ['addtabon' => ['Central']]);
}

function plugin_version_ticketpulse(): array
{
    return [
        'name'         => 'Ticket pulse',
        'version'      => PLUGIN_TICKETPULSE_VERSION,
        'author'       => 'Latchkey',
        'license'      => 'MIT',
        'requirements' => [
            'glpi' => [
                'min' => PLUGIN_TICKETPULSE_MIN_GLPI,
                'max' => PLUGIN_TICKETPULSE_MAX_GLPI,
            ],
            'php' => [
                'min' => '7.4',
            ],
        ],
    ];
}

function plugin_ticketpulse_check_prerequisites(): bool
{
    return true;
}

function plugin_ticketpulse_check_config(bool $verbose = false): bool
{
    return true;
}
