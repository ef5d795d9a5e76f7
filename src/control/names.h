/* The names of D-Bus: of the service, its interfaces and errors, and where objects are. */
#ifndef CONTROL_NAMES_H
#define CONTROL_NAMES_H

#define SERVICE_NAME "io.github.mbus_slave1"
#define SERVICE_PATH "/io/github/mbus_slave1"

#define MANAGER_INTERFACE SERVICE_NAME ".Manager"
#define PORT_INTERFACE SERVICE_NAME ".Port"
#define METER_INTERFACE SERVICE_NAME ".Meter"
#define RECORD_INTERFACE SERVICE_NAME ".Record"

#define PORT_PREFIX SERVICE_PATH "/port"
#define METER_PREFIX SERVICE_PATH "/meter"

#define ERROR_NO_SUCH_METER SERVICE_NAME ".Error.NoSuchMeter"
#define ERROR_NO_SUCH_RECORD SERVICE_NAME ".Error.NoSuchRecord"
#define ERROR_NOT_PUSHED SERVICE_NAME ".Error.NotPushed"
#define ERROR_NOT_A_NUMBER SERVICE_NAME ".Error.NotANumber"

#endif
